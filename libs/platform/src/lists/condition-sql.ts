import { Invalid } from '@app/kernel';
import type { Comparison, Condition } from './condition.js';
import { columnOf, type Field, type Fields, fieldOf, idOf, type Operator } from './fields.js';
import { escapeLike, type Moment, resolve, type Scalar, type Value } from './values.js';

const OPPOSITE = {
  eq: 'ne',
  ne: 'eq',
  in: 'nin',
  nin: 'in',
  gt: 'lte',
  gte: 'lt',
  lt: 'gte',
  lte: 'gt',
} as const satisfies Partial<Record<Operator, Operator>>;

const SIGN = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

const isOneOf = (value: Value): value is readonly Scalar[] => Array.isArray(value);

/**
 * SQL of a condition that `parseCondition` returned. Values are appended to `params` and stand as `$n`; the text holds
 * nothing of the caller's. It never evaluates to null. Negation is pushed down to the comparisons, so that an index
 * remains usable under `not`.
 */
export function compile(condition: Condition, fields: Fields, params: unknown[], moment: Moment): string {
  return new SqlWriter(fields, params, moment).write(condition, false);
}

class SqlWriter {
  constructor(
    private readonly fields: Fields,
    private readonly params: unknown[],
    private readonly moment: Moment,
  ) {}

  write(condition: Condition, negated: boolean): string {
    if ('not' in condition) return this.write(condition.not, !negated);
    if ('all' in condition) return this.join(condition.all, negated, !negated);
    if ('any' in condition) return this.join(condition.any, negated, negated);
    return this.compare(condition, negated);
  }

  private join(members: readonly Condition[], negated: boolean, everyOne: boolean): string {
    const [only] = members;
    if (!only) return everyOne ? 'true' : 'false';
    if (members.length === 1) return this.write(only, negated);
    return `(${members.map((member) => this.write(member, negated)).join(everyOne ? ' and ' : ' or ')})`;
  }

  private compare({ field: name, op, value }: Comparison, negated: boolean): string {
    const field = knownField(this.fields, name);
    const column = columnOf(field);
    if (field.among) return this.lookAmong(field, field.among, op, value, negated);
    if (op === 'null') return value !== negated ? `${column} is null` : `${column} is not null`;
    // The bounds of a day depend on the operator that was asked for, not on its opposite.
    const plain = isOneOf(value) ? value : resolve(field, op, value, this.moment);
    if (op === 'contains' || op === 'starts') return this.orNull(field, this.like(field, op, plain, negated), negated);
    const holdsForNull = (op === 'ne' || op === 'nin') !== negated;
    if (field.byIndex && !holdsForNull) return this.lookUp(field.byIndex, negated ? OPPOSITE[op] : op, plain);
    return this.orNull(field, this.relate(field, column, negated ? OPPOSITE[op] : op, plain), holdsForNull);
  }

  private lookAmong(field: Field, rows: string, op: Operator, value: Value, negated: boolean): string {
    const asksForNone = op === 'ne' || op === 'nin' || (op === 'null' && value === true);
    const wanted = op === 'null' ? '' : ` and ${this.holdsInOne(field, op, value)}`;
    return `${asksForNone !== negated ? 'not ' : ''}exists (select 1 from ${rows}${wanted})`;
  }

  private holdsInOne(field: Field, op: Exclude<Operator, 'null'>, value: Value): string {
    const plain = isOneOf(value) ? value : resolve(field, op, value, this.moment);
    if (op === 'contains' || op === 'starts') return this.like(field, op, plain, false);
    return this.relate(field, columnOf(field), op === 'ne' || op === 'nin' ? OPPOSITE[op] : op, plain);
  }

  private like(field: Field, op: 'contains' | 'starts', plain: unknown, negated: boolean): string {
    const pattern = `${op === 'contains' ? '%' : ''}${escapeLike(String(plain))}%`;
    return `${columnOf(field)} ${negated ? 'not ilike' : 'ilike'} ${this.param(field, pattern)}`;
  }

  /** By ids: what is left of the condition is one that every policy lets through to an index. */
  private lookUp(
    rows: NonNullable<Field['byIndex']>,
    op: keyof typeof OPPOSITE,
    value: Scalar | readonly Scalar[],
  ): string {
    const sign = op === 'eq' || op === 'in' || op === 'ne' || op === 'nin' ? '=' : SIGN[op];
    this.params.push([value].flat().map(String));
    return `${columnOf(idOf(this.fields))} in (${rows(sign, `$${this.params.length}::text[]`)})`;
  }

  private relate(field: Field, column: string, op: keyof typeof OPPOSITE, value: Scalar | readonly Scalar[]): string {
    switch (op) {
      case 'eq':
        return `${column} = ${this.param(field, value)}`;
      case 'ne':
        return `${column} <> ${this.param(field, value)}`;
      case 'in':
        return `${column} = any(${this.param(field, value)})`;
      case 'nin':
        return `${column} <> all(${this.param(field, value)})`;
      default:
        return `${column} ${SIGN[op]} ${this.param(field, value)}`;
    }
  }

  private orNull(field: Field, sql: string, holdsForNull: boolean): string {
    return field.nullable && holdsForNull ? `(${sql} or ${columnOf(field)} is null)` : sql;
  }

  private param(field: Field, value: unknown): string {
    this.params.push(value);
    const { cast } = field;
    return `$${this.params.length}${cast && `::${cast}${Array.isArray(value) ? '[]' : ''}`}`;
  }
}

/** @throws Invalid for a stored condition whose field no longer exists */
export function knownField(fields: Fields, name: string): Field {
  const field = fieldOf(fields, name);
  if (!field) throw new Invalid('invalid_condition', `The condition uses the field ${name}, which does not exist`);
  return field;
}
