import type { Actor } from '@app/kernel';
import { CustomersFacade } from '@app/customers';
import {
  AudienceFieldsPort,
  compile,
  type Condition,
  currentActor,
  defineFields,
  type FieldOptions,
  type Fields,
  type ListQuery,
  type Page,
  parseCondition,
  Ports,
} from '@app/platform';
import { Clock } from '@app/kernel';
import type { CustomerCard } from '@app/customers';
import { Injectable } from '@nestjs/common';
import { SegmentOutOfReach } from './segment.errors.js';

/** Customers by what all contexts know of them, within what the actor may read of each. */
@Injectable()
export class Audience {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly ports: Ports,
    private readonly clock: Clock,
  ) {}

  /** What the actor may choose by. */
  fields(): Fields {
    return this.fieldsFor(currentActor(), [], () => true);
  }

  /** @throws Invalid with a pointer to each fault, also for a field of what the actor may not read */
  read(condition: unknown): Condition {
    return parseCondition(condition, this.fields(), '/condition');
  }

  /** Of those whom the actor may read, who fits. @throws SegmentOutOfReach for a saved condition on what they may not read */
  page(condition: Condition, query: ListQuery): Promise<Page<CustomerCard>> {
    const names = namesIn(condition);
    const known = this.fields();
    const hidden = [...names].filter((name) => !Object.hasOwn(known, name));
    if (hidden.length) throw new SegmentOutOfReach(hidden);
    return this.customers.audience(query, (params) => {
      const fields = this.fieldsFor(currentActor(), params, (about) =>
        names.some((name) => name.startsWith(`${about}.`)),
      );
      return compile(condition, fields, params, { now: this.clock.now(), zone: 'UTC' });
    });
  }

  /** Only of those contexts that are asked: a parameter that no text names is refused by PostgreSQL. */
  private fieldsFor(actor: Actor, params: unknown[], isAsked: (about: string) => boolean): Fields {
    const further: Record<string, FieldOptions> = {};
    for (const source of this.ports.all(AudienceFieldsPort).filter(({ about }) => isAsked(about)))
      for (const [name, field] of Object.entries(source.of('c.id', actor, params)))
        further[`${source.about}.${name}`] = field;
    return { ...this.customers.audienceFields, ...defineFields(further) };
  }
}

function namesIn(condition: Condition): string[] {
  if ('not' in condition) return namesIn(condition.not);
  if ('all' in condition) return condition.all.flatMap(namesIn);
  if ('any' in condition) return condition.any.flatMap(namesIn);
  return [condition.field];
}
