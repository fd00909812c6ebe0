import { type CustomerCard, CustomersFacade } from '@app/customers';
import type { FieldFault } from '@app/kernel';
import {
  compile,
  type Condition,
  conditionFaults,
  currentActor,
  type Fields,
  type ListQuery,
  Moments,
  type Page,
  parseCondition,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Asked, askedBy, groupOf, KnownFields, type OwnFields } from './audience-fields.js';
import { SegmentOutOfReach, SegmentUnusable } from './segment.errors.js';

const AT = '/condition';

/** Customers by what all contexts know of them, within what the actor may read of each. */
@Injectable()
export class Audience {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly known: KnownFields,
    private readonly moments: Moments,
  ) {}

  /** What the actor may choose by. */
  fields(): Promise<Fields> {
    return this.fieldsFor(undefined);
  }

  /** @throws Invalid with a pointer to each fault, also for a field of what the actor may not read, or that is archived */
  async read(condition: unknown): Promise<Condition> {
    return parseCondition(condition, await this.fieldsFor(askedBy(condition)), AT);
  }

  /** What the actor cannot use of each of these saved conditions: fields that are gone, are of another type, or not for them. */
  async problemsOf(saved: readonly Condition[]): Promise<FieldFault[][]> {
    const fields = await this.fieldsFor(askedBy(saved));
    return saved.map((condition) => conditionFaults(condition, fields, AT));
  }

  /**
   * Of those whom the actor may read, who fits, by the days of the tenant's zone.
   * @throws SegmentOutOfReach for a saved condition on what the actor may not read, SegmentUnusable for one on fields of the
   * tenant's that are gone, of another type, or not for the actor
   */
  async page(condition: Condition, query: ListQuery): Promise<Page<CustomerCard>> {
    const [actor, asked] = [currentActor(), askedBy(condition)];
    const own = await this.known.own(actor, asked);
    const known = this.known.of(actor, asked, own, []);
    assertUsable(condition, known, own);
    const moment = await this.moments.of([condition], known);
    return this.customers.audience(query, (params) =>
      compile(condition, this.known.of(actor, asked, own, params), params, moment),
    );
  }

  private async fieldsFor(asked: Asked): Promise<Fields> {
    const actor = currentActor();
    return this.known.of(actor, asked, await this.known.own(actor, asked), []);
  }
}

/** Of records that the actor may read at all, the tenant's own fields are told of as lists tell of them: some are not known. */
function assertUsable(condition: Condition, fields: Fields, own: OwnFields): void {
  const hidden = namesIn(condition).filter((name) => !Object.hasOwn(fields, name) && !own.has(groupOf(name)));
  if (hidden.length) throw new SegmentOutOfReach([...new Set(hidden)]);
  const faults = conditionFaults(condition, fields, AT);
  if (faults.length) throw new SegmentUnusable(faults);
}

function namesIn(condition: Condition): string[] {
  if ('not' in condition) return namesIn(condition.not);
  if ('all' in condition) return condition.all.flatMap(namesIn);
  if ('any' in condition) return condition.any.flatMap(namesIn);
  return [condition.field];
}
