import type { Actor } from '@app/kernel';
import { currentActor, CUSTOM, customKeys, defineFields, type Fields } from '@app/platform';
import { CustomFieldPermissions, type FieldType } from './custom-field.policy.js';
import type { FieldOption } from './field-values.js';
import type { FormulaType } from './formulas/formula.policy.js';

/** As they stand in SQL texts: nothing else is a key, and nothing in it ends a literal. */
export const KEY = /^[a-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/;
export const LONGEST_KEY = 40;
/** A field's name, be it one of the tenant's: `amount`, `cf.size`. */
const NAME = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/;

/** Of a field, what its list needs to know. */
export type ListedField = {
  readonly key: string;
  readonly type: FieldType;
  readonly label: string;
  readonly options: readonly FieldOption[];
  readonly isIndexReady: boolean;
  /** Of a formula. */
  readonly compiled: string | null;
  readonly resultType: FormulaType | null;
};

const part = (column: string, key: string): string => {
  if (!KEY.test(key)) throw new Error(`${key} is no key`);
  return `${column} -> '${key}'`;
};
const numeric = (json: string): string => `(case when jsonb_typeof(${json}) = 'number' then (${json})::numeric end)`;

/** SQL of the value by which a field is compared and sorted, over the column `custom_fields`; what is not of its type is null. */
export function comparedValue(type: FieldType, column: string, key: string): string {
  const json = part(column, key);
  if (type === 'number') return numeric(json);
  if (type === 'money') return numeric(`${json} -> 'amount'`);
  if (type === 'boolean') return `(case when jsonb_typeof(${json}) = 'boolean' then (${json})::boolean end)`;
  return `(${column} ->> '${key}')`;
}

/** The moment that a value of a field stands for, which as text is in one form: an index is over that. */
export const instantOf = (value: string): string => `custom_field_instant(${value})`;

/** The tenant's own fields of a list, as its grammar knows them. */
export function listFields(kind: string, column: string, fields: readonly ListedField[]): Fields {
  return defineFields(Object.fromEntries(fields.flatMap((field) => entriesOf(kind, column, field))));
}

type Options = Parameters<typeof defineFields>[0];
type Entry = [string, Options[string]];

function entriesOf(kind: string, column: string, field: ListedField): Entry[] {
  if (field.type === 'formula') return formulaEntry(column, field);
  const { key, type, label, options, isIndexReady } = field;
  const values = options.map((option) => option.key);
  const json = part(column, key);
  const name = `${CUSTOM}${key}`;
  const sought = (sign: string, wanted: string): string =>
    `select custom_field_rows('${kind}', '${key}', '${sign}', ${wanted})`;
  const common = {
    ...{ column: comparedValue(type, column, key), nullable: true, sortable: true, description: label },
    ...(isIndexReady && { byIndex: sought }),
  } as const;
  switch (type) {
    case 'text':
      return [[name, { ...common, type: 'text' }]];
    case 'number':
      return [[name, { ...common, type: 'number' }]];
    case 'date':
      return [[name, { ...common, type: 'date', cast: 'text' }]];
    case 'instant':
      return [[name, { ...common, type: 'instant', column: instantOf(common.column) }]];
    case 'boolean':
      return [[name, { ...common, type: 'boolean' }]];
    case 'select':
      return [[name, { ...common, type: 'enum', values }]];
    case 'relation':
      return [[name, { ...common, type: 'id', cast: 'text' }]];
    case 'money':
      return [
        // as a column it is one
        [name, { type: 'integer', nullable: true, filterable: false, description: label }],
        [`${name}.amount`, { ...common, type: 'integer' }],
        [`${name}.currency`, { type: 'text', column: `(${json} ->> 'currency')`, nullable: true }],
      ];
    case 'multi_select': {
      const among = `jsonb_array_elements_text(case when jsonb_typeof(${json}) = 'array' then ${json} else '[]' end) chosen(key) where true`;
      return [[name, { type: 'enum', values, column: 'chosen.key', among, nullable: true, description: label }]];
    }
  }
}

/** The alias of the records' table, in whose list the column stands. */
const aliasOf = (column: string): string => column.split('.', 1).join();

/** Computed from the row itself, for those that the list asks about. */
function formulaEntry(column: string, { key, label, compiled, resultType }: ListedField): Entry[] {
  if (!compiled || !resultType) return [];
  const sql = `(select ${compiled} from (select ${aliasOf(column)}.*) record)`;
  return [[`${CUSTOM}${key}`, { type: resultType, column: sql, nullable: true, sortable: true, description: label }]];
}

/** Of a kind of record, the names that the actor's roles keep from them, fit to stand in SQL. */
const keptNames = (kind: string, actor: Actor): string[] =>
  [...(actor.fieldRights?.hiddenOf(kind) ?? [])].filter((name) => NAME.test(name)).sort();

function hiddenFrom(kind: string, actor: Actor): string {
  const names = keptNames(kind, actor);
  const listed = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
  const keys = customKeys(names);
  const reasons = [
    'f.archived_at is not null',
    ...(actor.can(CustomFieldPermissions.readPersonal) ? [] : ['f.is_personal']),
    ...(keys.length ? [`f.key in (${listed(keys)})`] : []),
    ...(names.length ? [`f.inputs && array[${listed(names)}]`] : []),
  ];
  return reasons.length > 1 ? `(${reasons.join(' or ')})` : reasons.join();
}

const hiddenKeys = (kind: string, actor: Actor): string =>
  `array(select f.key from custom_fields f where f.tenant_id = app_tenant() and f.record_kind = '${kind}' and ${hiddenFrom(kind, actor)})`;

/**
 * SQL of the values that the actor may see, over the `custom_fields` of a row. Which fields are archived or personal is asked
 * once in the same statement, however many rows it reads.
 */
export function shownFields(kind: string, column: string, actor = currentActor()): string {
  const hidden = hiddenKeys(kind, actor);
  return `(case when ${hasFormulas(kind)} then (${column} - ${hidden}) || custom_fields_computed('${kind}', to_jsonb(${aliasOf(column)}), ${hidden})
    else ${column} - ${hidden} end)`;
}

/** Asked once in a statement, however many rows it reads: most tenants have none. */
const hasFormulas = (kind: string): string =>
  `exists (select from custom_fields f where f.tenant_id = app_tenant() and f.record_kind = '${kind}' and f.type = 'formula' and f.archived_at is null)`;

/**
 * The columns of a select with `customFields` among them, as whoever asks may see these: put together once for each that may
 * be seen, and not for each request.
 */
export function selectOf(columns: Readonly<Record<string, string>>, kind: string, column: string): () => string {
  const texts = new Map<string, string>();
  return () => {
    const customFields = shownFields(kind, column);
    const known = texts.get(customFields);
    if (known) return known;
    const all = Object.entries({ ...columns, customFields });
    const text = all.map(([name, sql]) => `${sql} as "${name}"`).join(', ');
    texts.set(customFields, text);
    return text;
  };
}

/** SQL of the same over `before` or `after` of an audit trail, wherever the values stand in it. */
export const shownInHistory = (kind: string, column: string, actor = currentActor()): string =>
  `custom_fields_shown(${column}, ${hiddenKeys(kind, actor)})`;

/** Which keys of an entity's values are not for everybody: read with its row, for the answer to a write. */
export type Concealed = {
  readonly archived: readonly string[];
  readonly personal: readonly string[];
  /** What formulas come to, which is in no column. */
  readonly computed: Readonly<Record<string, unknown>>;
  /** By the key of a formula what it is made of. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
};

/** SQL of it, for a virtual column: `@VirtualColumn({ type: 'jsonb', query: concealedFields('customers') })`. */
export const concealedFields =
  (kind: string) =>
  (alias: string): string =>
    `select jsonb_build_object(
     'archived', coalesce(jsonb_agg(f.key) filter (where f.archived_at is not null), '[]'),
     'personal', coalesce(jsonb_agg(f.key) filter (where f.is_personal), '[]'),
     'computed', case when bool_or(f.type = 'formula') then custom_fields_computed('${kind}', to_jsonb(${alias}), '{}') else '{}' end,
     'inputs', coalesce(jsonb_object_agg(f.key, f.inputs) filter (where f.type = 'formula'), '{}'))
   from custom_fields f where f.tenant_id = app_tenant() and f.record_kind = '${kind}'
     and (f.archived_at is not null or f.is_personal or f.type = 'formula')`;

/** Of what an entity holds, what whoever asked may see. */
export function shownOf(
  kind: string,
  values: Readonly<Record<string, unknown>>,
  { archived, personal, computed, inputs }: Concealed,
): Record<string, unknown> {
  const actor = currentActor();
  const concealed = actor.can(CustomFieldPermissions.readPersonal) ? archived : [...archived, ...personal];
  const kept = new Set(keptNames(kind, actor));
  const isKept = (key: string): boolean =>
    kept.has(`${CUSTOM}${key}`) || (Object.hasOwn(inputs, key) && (inputs[key] ?? []).some((name) => kept.has(name)));
  const all = Object.entries({ ...values, ...computed });
  return Object.fromEntries(all.filter(([key]) => !concealed.includes(key) && !isKept(key)));
}
