import type { Fields, FieldType as ListFieldType } from '@app/platform';
import type { FieldType } from '../custom-field.policy.js';
import { comparedValue, instantOf } from '../field-sql.js';
import { FieldInFormula, FormulaCycle, FormulaFieldUnknown } from './formula.errors.js';
import type { FormulaType } from './formula.policy.js';
import type { Piece } from './formula-functions.js';
import { compileFormula, namesIn } from './formula-sql.js';
import { type Part, parseFormula } from './formula-syntax.js';

/** Of a field that is in use, what formulas need to know. */
export type FormulaField = {
  readonly key: string;
  readonly type: FieldType;
  readonly expression: string | null;
  readonly isPersonal: boolean;
};

/** What a formula comes to: kept with it, so that no read has to find it out. */
export type Computed = {
  readonly resultType: FormulaType;
  readonly compiled: string;
  /** All that it is made of, also by way of other formulas: as roles and archives know them, `amount` and `cf.size`. */
  readonly inputs: readonly string[];
  /** The columns of `record` in the SQL, as a column definition says them. */
  readonly recordColumns: readonly string[];
  readonly isPersonal: boolean;
};

/**
 * All formulas of one kind of record anew, of the fields as they would be. `asked`: the key of the one that somebody writes;
 * what is wrong with another follows from that.
 * @throws FormulaInvalid, FormulaFieldUnknown, FormulaCycle; FieldInFormula where another could not be any more
 */
export function computeAll(
  fields: readonly FormulaField[],
  builtIn: Fields,
  asked?: string,
): ReadonlyMap<string, Computed> {
  const book = new FormulaBook(fields, builtIn);
  const own = fields.find(({ key }) => key === asked);
  if (own?.type === 'formula') book.computed(own, []);
  for (const field of fields) {
    if (field.type !== 'formula' || field === own) continue;
    try {
      book.computed(field, []);
    } catch {
      throw new FieldInFormula([field.key]);
    }
  }
  return book.found;
}

class FormulaBook {
  readonly found = new Map<string, Computed>();
  private readonly byKey: ReadonlyMap<string, FormulaField>;

  constructor(
    fields: readonly FormulaField[],
    private readonly builtIn: Fields,
  ) {
    this.byKey = new Map(fields.map((field) => [field.key, field]));
  }

  /** `path`: the formulas that led here. */
  computed(field: FormulaField, path: readonly string[]): Computed {
    const known = this.found.get(field.key);
    if (known) return known;
    if (path.includes(field.key)) throw new FormulaCycle([...path.slice(path.indexOf(field.key)), field.key]);
    const part: Part = parseFormula(field.expression ?? '');
    const trail = [...path, field.key];
    const columns = new Set<string>();
    const { type, sql } = compileFormula(part, (name) => this.inputOf(name, trail, columns));
    const own = namesIn(part).map((name) => ({ name: rootOf(name), field: this.customOf(name) }));
    const deeper = own.flatMap(({ field: one }) => (one?.type === 'formula' ? [this.computed(one, trail)] : []));
    const computed = {
      ...{ resultType: type, compiled: sql },
      inputs: [...new Set([...own.map(({ name }) => name), ...deeper.flatMap(({ inputs }) => inputs)])].sort(),
      recordColumns: [...new Set([...columns, ...deeper.flatMap(({ recordColumns }) => recordColumns)])].sort(),
      isPersonal: own.some(({ field: one }) => one?.isPersonal) || deeper.some(({ isPersonal }) => isPersonal),
    };
    this.found.set(field.key, computed);
    return computed;
  }

  private inputOf(name: string, path: readonly string[], columns: Set<string>): Piece | undefined {
    const [first, key = '', part, ...more] = name.split('.');
    if (first !== 'cf') return builtInPiece(this.builtIn, name, columns);
    const field = this.byKey.get(key);
    if (!field || more.length) throw new FormulaFieldUnknown(name);
    if (field.type === 'formula' && part === undefined) {
      const { resultType, compiled } = this.computed(field, path);
      return { type: resultType, sql: `(${compiled})` };
    }
    columns.add('"custom_fields" jsonb');
    return customPiece(field, part);
  }

  private customOf(name: string): FormulaField | undefined {
    const [first, key = ''] = name.split('.');
    return first === 'cf' ? this.byKey.get(key) : undefined;
  }
}

/** `cf.price.amount` is a part of `cf.price`. */
const rootOf = (name: string): string => (name.startsWith('cf.') ? name.split('.', 2).join('.') : name);

/** A column of the record's own row: what is looked up elsewhere could change without it. */
const OWN_COLUMN = /^[a-z]+\.([a-z][a-z0-9_]*)$/;

/** As they come out of the JSON of a row. */
const COLUMN_TYPES: Readonly<Record<FormulaType, string>> = {
  number: 'numeric',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  instant: 'timestamptz',
};

function builtInPiece(fields: Fields, name: string, columns: Set<string>): Piece | undefined {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const column = OWN_COLUMN.exec(field?.column ?? '')?.[1];
  if (!field || !column || field.among) return undefined;
  const piece = ofColumn(field.type, `record."${column}"`);
  if (piece) columns.add(`"${column}" ${COLUMN_TYPES[piece.type]}`);
  return piece;
}

function ofColumn(type: ListFieldType, sql: string): Piece | undefined {
  switch (type) {
    case 'integer':
    case 'number':
      return { type: 'number', sql: `formula_number(${sql}::numeric)` };
    case 'text':
    case 'enum':
      return { type: 'text', sql: `${sql}::text` };
    case 'boolean':
    case 'date':
    case 'instant':
      return { type, sql };
    case 'id':
      return undefined;
  }
}

const COLUMN = 'record.custom_fields';

function customPiece({ key, type }: FormulaField, part: string | undefined): Piece | undefined {
  const value = comparedValue(type, COLUMN, key);
  if (type === 'money') {
    if (part === 'amount') return { type: 'number', sql: `formula_number(${value})` };
    return part === 'currency' ? { type: 'text', sql: `(${COLUMN} -> '${key}' ->> 'currency')` } : undefined;
  }
  if (part !== undefined) return undefined;
  switch (type) {
    case 'number':
      return { type: 'number', sql: `formula_number(${value})` };
    case 'text':
    case 'select':
      return { type: 'text', sql: value };
    case 'boolean':
      return { type: 'boolean', sql: value };
    case 'date':
      return { type: 'date', sql: `formula_date(${value})` };
    case 'instant':
      return { type: 'instant', sql: instantOf(value) };
    default:
      return undefined;
  }
}
