export const OPERATORS = ['eq', 'ne', 'in', 'nin', 'gt', 'gte', 'lt', 'lte', 'null', 'contains', 'starts'] as const;
export type Operator = (typeof OPERATORS)[number];

export type FieldType = 'text' | 'enum' | 'id' | 'integer' | 'number' | 'boolean' | 'instant' | 'date';

export type FieldOptions = {
  /** SQL of the value, written by a developer, never by a caller. Absent for facts that are only evaluated in memory. */
  readonly column?: string;
  /** Must be true wherever the column may hold null: negations and cursors are compiled differently then. */
  readonly nullable?: boolean;
  /**
   * SQL of the rows that hold its values, for what a record has many of: `record_tags t where t.record_id = c.id`. `column`
   * is then the value in one of them: `ne` and `nin` ask for no such row, `null` whether there is any, all others for a row.
   */
  readonly among?: string;
  /**
   * SQL of the ids of the rows whose value stands in this relation (`=`, `<`, …) to one of `values`, the SQL of a `text[]`:
   * for a column whose own operators PostgreSQL does not push below a policy, so that its index would not be used.
   */
  readonly byIndex?: (sign: string, values: string) => string;
  /** The type that values are cast to, where it is not the usual one: dates that the column holds as text. */
  readonly cast?: string;
  readonly filterable?: boolean;
  /** For text: short text only, since a cursor carries the value. For instants: `timestamptz`. */
  readonly sortable?: boolean;
  /** Narrows the operators that the type allows. */
  readonly operators?: readonly Operator[];
  readonly description?: string;
  readonly example?: string | number | boolean;
} & (
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: Exclude<FieldType, 'enum'>; readonly values?: undefined }
);

export type Field = {
  readonly name: string;
  readonly type: FieldType;
  readonly column: string | undefined;
  readonly nullable: boolean;
  readonly among: string | undefined;
  readonly byIndex: ((sign: string, values: string) => string) | undefined;
  readonly cast: string;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly operators: readonly Operator[];
  readonly values: readonly string[];
  readonly description: string | undefined;
  readonly example: string | number | boolean | undefined;
};

export type Fields<Name extends string = string> = Readonly<Record<Name, Field>>;

const ORDERED: readonly Operator[] = ['eq', 'ne', 'in', 'nin', 'gt', 'gte', 'lt', 'lte', 'null'];
const EQUAL: readonly Operator[] = ['eq', 'ne', 'in', 'nin', 'null'];

/** Text has no order here: that of the database is its collation's, which memory cannot repeat. */
const OPERATORS_OF: Record<FieldType, readonly Operator[]> = {
  text: ['eq', 'ne', 'in', 'nin', 'contains', 'starts', 'null'],
  enum: EQUAL,
  id: EQUAL,
  integer: ORDERED,
  number: ORDERED,
  boolean: ['eq', 'ne', 'null'],
  instant: ORDERED,
  date: ORDERED,
};

/** The keys of a list that are not filters; no field may be called so. */
export const RESERVED_KEYS = [
  'page',
  'limit',
  'sort',
  'order',
  'q',
  'fields',
  'include',
  'cursor',
  'count',
  'view',
] as const;

const NAME = /^[a-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/;

/**
 * Declares what a list or a condition may speak of. `operators` and flags are completed from the type.
 * @throws Error for a name or a set of values that the query grammar could not express
 */
export function defineFields<const Options extends Record<string, FieldOptions>>(
  options: Options,
): Fields<Extract<keyof Options, string>> {
  const fields = Object.entries(options).map(([name, option]) => [name, defineField(name, option)] as const);
  return Object.freeze(Object.fromEntries(fields)) as Fields<Extract<keyof Options, string>>;
}

function defineField(name: string, options: FieldOptions): Field {
  const { type, values = [], nullable = false } = options;
  if (!NAME.test(name) || RESERVED_KEYS.some((key) => key === name)) throw new Error(`No field may be called ${name}`);
  if (type === 'enum' && (!values.length || values.some((value) => !value || value.includes(',')))) {
    throw new Error(`The values of ${name} must be non-empty words without commas`);
  }
  const possible = OPERATORS_OF[type].filter((operator) => nullable || operator !== 'null');
  if (options.among && options.sortable) throw new Error(`${name} has many values, by which nothing is sorted`);
  const wrong = options.operators?.find((operator) => !possible.includes(operator));
  if (wrong) throw new Error(`${name} is ${type} and knows no operator ${wrong}`);
  return Object.freeze({
    name,
    type,
    nullable,
    values,
    column: options.column,
    among: options.among,
    byIndex: options.byIndex,
    cast: options.cast ?? SQL_TYPE[type],
    filterable: options.filterable ?? true,
    sortable: options.sortable ?? false,
    operators: options.operators ?? possible,
    description: options.description,
    example: options.example,
  });
}

/** The field of that name, never one inherited from the prototype. */
export const fieldOf = (fields: Fields, name: string): Field | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

/** @throws Error when a list has no id to break ties by */
export function idOf(fields: Fields): Field {
  const id = fieldOf(fields, 'id');
  if (!id || id.nullable) throw new Error('A list needs a field id that is never null');
  return id;
}

/** @throws Error for a field that has no column: such a list or condition cannot be asked of the database */
export function columnOf(field: Field): string {
  if (!field.column) throw new Error(`The field ${field.name} has no column`);
  return field.column;
}

/**
 * A parameter is cast where the column's own type could be narrower than the value (int4 against 9e12) or not yet
 * known. Text and enum are left to PostgreSQL, so that a citext or native enum column compares as what it is.
 */
const SQL_TYPE: Record<FieldType, string> = {
  text: '',
  enum: '',
  id: 'uuid',
  integer: 'bigint',
  number: 'numeric',
  boolean: 'boolean',
  instant: 'timestamptz',
  date: 'date',
};
