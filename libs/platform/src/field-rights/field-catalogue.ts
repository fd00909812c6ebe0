import { type FieldLimit, FieldRights, type FieldRules, widestOf } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Ports } from '../ports/port.js';
import { type RecordFields, RecordFieldsPort } from '../ports/record-fields.port.js';

/** The fields of the loaded contexts' records that rules may speak of. */
@Injectable()
export class FieldCatalogue {
  constructor(private readonly ports: Ports) {}

  all(): readonly RecordFields[] {
    return this.ports.all(RecordFieldsPort);
  }

  of(kind: string): RecordFields | undefined {
    return this.all().find((one) => one.kind === kind);
  }

  /** What somebody whose roles have these rules is limited in, under every name that a field has; undefined in nothing. */
  rightsOf(roles: readonly FieldRules[]): FieldRights | undefined {
    const rules = widestOf(roles);
    return FieldRights.of(
      Object.fromEntries(Object.entries(rules).map(([kind, limits]) => [kind, this.spread(kind, limits)])),
    );
  }

  /** What two fields tell together is hidden with either. */
  private spread(kind: string, limits: Readonly<Record<string, FieldLimit>>): Record<string, FieldLimit> {
    const all: Record<string, FieldLimit> = { ...limits };
    const { fields = {} } = this.of(kind) ?? {};
    for (const [name, limit] of Object.entries(limits))
      for (const other of (Object.hasOwn(fields, name) ? fields[name]?.also : undefined) ?? [])
        all[other] = all[other] === 'hidden' ? 'hidden' : limit;
    return all;
  }
}
