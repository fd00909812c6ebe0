import { CustomersFacade } from '@app/customers';
import type { Actor } from '@app/kernel';
import {
  type AudienceFields,
  AudienceFieldsPort,
  CUSTOM,
  defineFields,
  type Field,
  type FieldOptions,
  type Fields,
  type ListSpec,
  Ports,
  shownFieldsOf,
  TenantListsPort,
} from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Who tells of a field: '' of what a customer has, `cf.` of what the tenant added, `deals.` and `deals.cf.` a context. */
type Group = string;
/** Of conditions, which groups their fields are of; all of them when undefined. */
export type Asked = ReadonlySet<Group> | undefined;
/** The tenant's own fields, by their group, as their lists have them. */
export type OwnFields = ReadonlyMap<Group, Fields>;

/** Also of what is not known to be a condition. The JSON of a text that looks like a field has its quotes escaped. */
export const askedBy = (conditions: unknown): Asked =>
  new Set(
    [...(JSON.stringify(conditions) ?? '').matchAll(/"field":"([^"\\]*)"/g)].map(([, name = '']) => groupOf(name)),
  );

export const groupOf = (name: string): Group => /^(?:(?!cf\.)\w+\.)?(?:cf\.)?/.exec(name)?.join() ?? '';

/** What customers may be chosen by: what they have, what contexts tell of them, and what the tenant added to either. */
@Injectable()
export class KnownFields {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly ports: Ports,
  ) {}

  /** One statement for each kind of record whose fields are asked for, and none where none are. */
  async own(actor: Actor, asked: Asked): Promise<OwnFields> {
    const [lists] = this.ports.all(TenantListsPort);
    const wanted: [Group, ListSpec][] = [[CUSTOM, this.customers.audienceList]];
    for (const { about, records } of this.sources())
      if (records?.of(CUSTOMER, actor, [])) wanted.push([`${about}.${CUSTOM}`, records.list]);
    const own = new Map<Group, Fields>();
    for (const [group, list] of wanted)
      if (lists && (!asked || asked.has(group))) own.set(group, await lists.fieldsOf(list));
    return own;
  }

  /** Only of those that are asked: a parameter that no text names is refused by PostgreSQL. */
  of(actor: Actor, asked: Asked, own: OwnFields, params: unknown[]): Fields {
    const further: Record<string, FieldOptions> = {};
    const theirs: Field[] = [];
    for (const source of this.sources()) {
      if (!asked || asked.has(`${source.about}.`))
        for (const [name, field] of Object.entries(source.of(CUSTOMER, actor, params)))
          further[`${source.about}.${name}`] = field;
      const kept = own.get(`${source.about}.${CUSTOM}`);
      const fields = kept && shownFieldsOf(source.about, kept, actor.fieldRights);
      if (fields) theirs.push(...fieldsOfRecords(source, actor, fields, params));
    }
    return {
      ...shownFieldsOf('customers', { ...this.customers.audienceList.fields, ...own.get(CUSTOM) }, actor.fieldRights),
      ...defineFields(further),
      ...Object.fromEntries(theirs.map((field) => [field.name, field])),
    };
  }

  private sources(): readonly AudienceFields[] {
    return this.ports.all(AudienceFieldsPort);
  }
}

/** SQL of the customer's id. */
const CUSTOMER = 'c.id';

/** Of the fields of records of which a customer has many: each asks for one of these. */
function fieldsOfRecords({ about, records }: AudienceFields, actor: Actor, own: Fields, params: unknown[]): Field[] {
  const rows = Object.keys(own).length ? records?.of(CUSTOMER, actor, params) : undefined;
  if (!rows) return [];
  return Object.values(own).map((field) => ({
    ...field,
    name: `${about}.${field.name}`,
    among: field.among
      ? `${rows.from}, ${field.among} and ${rows.where}`
      : `${rows.from} where ${rows.where} and ${field.column} is not null`,
    // it finds the ids of those records, and not of their customers
    byIndex: undefined,
    sortable: false,
  }));
}
