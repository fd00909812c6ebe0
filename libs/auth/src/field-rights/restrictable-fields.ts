import type { FieldFault, FieldLimit, FieldRules } from '@app/kernel';
import { CUSTOM, FieldCatalogue, FieldHostPort, Ports, type RecordFields, TenantListsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FieldNotRestrictable } from './field-right.errors.js';
import { ALL_RIGHTS, type FieldCatalogueView, type FieldRuleDto, type FieldRuleView } from './field-rights.dto.js';

/** What rules may say: of the fields that contexts declare, and of those that the tenant added. */
@Injectable()
export class RestrictableFields {
  constructor(
    private readonly fields: FieldCatalogue,
    private readonly ports: Ports,
  ) {}

  catalogue(): FieldCatalogueView {
    const records = this.fields.all().map(({ kind, fields }) => ({
      record: kind,
      fields: Object.entries(fields).map(([name, { about, also = [] }]) => ({
        name,
        description: about,
        goesWith: [...also],
      })),
      hasCustomFields: this.hostOf(kind) !== undefined,
    }));
    return { records: records.sort((one, other) => one.record.localeCompare(other.record)), rights: ALL_RIGHTS };
  }

  /** By kind and field; of two rules about one field the second is refused. @throws FieldNotRestrictable naming each */
  async read(rules: readonly FieldRuleDto[]): Promise<FieldRules> {
    const read = new Map<string, Map<string, FieldLimit>>();
    const faults: FieldFault[] = [];
    for (const [at, { record, field, right }] of rules.entries()) {
      const ofRecord = read.get(record) ?? new Map<string, FieldLimit>();
      const fault = ofRecord.has(field) ? twice(at, field) : await this.faultOf(at, record, field);
      if (fault) faults.push(fault);
      else read.set(record, ofRecord.set(field, right));
    }
    if (faults.length) throw new FieldNotRestrictable(faults.slice(0, MOST_FAULTS));
    return Object.fromEntries([...read].map(([record, limits]) => [record, Object.fromEntries(limits)]));
  }

  private async faultOf(at: number, record: string, field: string): Promise<FieldFault | undefined> {
    const known = this.fields.of(record);
    if (!known) return fault(`/rules/${at}/record`, `There is no record ${record} with fields to restrict`);
    if (Object.hasOwn(known.fields, field) || (await this.isOwn(record, field))) return undefined;
    return fault(`/rules/${at}/field`, reasonFor(known, field));
  }

  private async isOwn(kind: string, field: string): Promise<boolean> {
    const [host, [lists]] = [this.hostOf(kind), this.ports.all(TenantListsPort)];
    if (!field.startsWith(CUSTOM) || !host || !lists) return false;
    return Object.hasOwn(await lists.fieldsOf(host.list), field);
  }

  private hostOf(kind: string) {
    return this.ports.all(FieldHostPort).find(({ records }) => records.kind === kind);
  }
}

const MOST_FAULTS = 100;

const reasonFor = ({ kind, fields }: RecordFields, field: string): string => {
  const with_ = Object.entries(fields).find(([, { also = [] }]) => also.includes(field));
  if (with_) return `${field} goes with ${with_[0]}: restrict that one`;
  return `${field} is not among the fields of ${kind} that a role may be kept from: which record it is, whose, where it stands and since when, whoever reads it has to know`;
};

const fault = (pointer: string, message: string): FieldFault => ({ pointer, code: 'field_not_restrictable', message });
const twice = (at: number, field: string): FieldFault =>
  fault(`/rules/${at}/field`, `${field} has a rule already, of which there is one for each field`);

/** In the order of their names. */
export const toRuleViews = (rules: FieldRules): FieldRuleView[] =>
  Object.entries(rules)
    .flatMap(([record, limits]) => Object.entries(limits).map(([field, right]) => ({ record, field, right })))
    .sort((one, other) => one.record.localeCompare(other.record) || one.field.localeCompare(other.field));
