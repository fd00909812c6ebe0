import type { FieldFault } from '@app/kernel';
import { Faults, type Report, token } from './faults.js';
import { fieldOf, type Field, type Fields, type Operator, OPERATORS } from './fields.js';
import { readJson, readText, type Reading, type Relative, type Scalar, type Value } from './values.js';

export type Comparison = { readonly field: string; readonly op: Operator; readonly value: Value };

/**
 * The one condition tree: of lists, saved views, segments, promotions, routing rules and workflows. Nulls are not
 * three-valued: a comparison with a field that is null is false, `ne` and `nin` are true, and `not` turns either round.
 * `all` of nothing is true, `any` of nothing is false. `contains` and `starts` do not tell upper from lower case; all
 * else does.
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Comparison;

const MOST_DEPTH = 8;
const MOST_NODES = 100;
export const MOST_VALUES = 200;

const EVERYTHING: Condition = { all: [] };

/**
 * Checks a condition that came as JSON and gives it in canonical form, relative dates still relative: fit to be stored,
 * and the only thing that `compile` and `evaluate` may be given.
 * @throws Invalid `invalid_condition` with every fault, pointers starting at `pointer`
 */
export function parseCondition(input: unknown, fields: Fields, pointer = ''): Condition {
  const { condition, faults } = judge(input, fields, pointer);
  faults.refuseIfAny('invalid_condition', 'The condition is not valid');
  return condition;
}

/** What keeps a condition that was stored from being used with the fields of today; as `parseCondition` tells it. */
export const conditionFaults = (stored: unknown, fields: Fields, pointer = ''): FieldFault[] =>
  judge(stored, fields, pointer).faults.all;

function judge(input: unknown, fields: Fields, pointer: string): { condition: Condition; faults: Faults } {
  const faults = new Faults();
  return { condition: readCondition(input, fields, pointer, faults), faults };
}

/** As `parseCondition`, but notes the faults in `faults` instead of throwing. */
export function readCondition(input: unknown, fields: Fields, pointer: string, faults: Faults): Condition {
  return new ConditionReader(fields, faults).read(input, pointer, 1);
}

class ConditionReader {
  private nodes = 0;

  constructor(
    private readonly fields: Fields,
    private readonly faults: Faults,
  ) {}

  read(input: unknown, pointer: string, depth: number): Condition {
    const report = this.faults.at(pointer);
    this.nodes += 1;
    if (this.nodes > MOST_NODES) {
      if (this.nodes === MOST_NODES + 1) report('too_many_conditions', `has more than ${MOST_NODES} conditions`);
      return EVERYTHING;
    }
    if (depth > MOST_DEPTH) return report('too_deep', `is nested more than ${MOST_DEPTH} levels`) ?? EVERYTHING;
    if (!isObject(input)) return report('invalid_condition', 'must be a condition') ?? EVERYTHING;
    const keys = Object.keys(input);
    const [only] = keys;
    if (keys.length === 1 && only === 'not') return { not: this.read(input.not, `${pointer}/not`, depth + 1) };
    if (keys.length === 1 && only === 'all') return { all: this.readGroup(input.all, `${pointer}/all`, depth) };
    if (keys.length === 1 && only === 'any') return { any: this.readGroup(input.any, `${pointer}/any`, depth) };
    if (keys.length === 3 && ['field', 'op', 'value'].every((key) => keys.includes(key))) {
      return this.readComparison(input, pointer) ?? EVERYTHING;
    }
    return report('invalid_condition', 'must be {all}, {any}, {not} or {field, op, value}') ?? EVERYTHING;
  }

  private readGroup(input: unknown, pointer: string, depth: number): Condition[] {
    if (!Array.isArray(input)) return this.faults.at(pointer)('invalid_condition', 'must be a list') ?? [];
    // One member past the bound is enough for the fault, however long the list is.
    return input.slice(0, MOST_NODES + 1).map((member, at) => this.read(member, `${pointer}/${at}`, depth + 1));
  }

  private readComparison(input: Record<string, unknown>, pointer: string): Comparison | undefined {
    const field = readField(input.field, this.fields, this.faults.at(`${pointer}/field`));
    const op = field && readOperator(field, input.op, this.faults.at(`${pointer}/op`));
    if (!field || !op) return undefined;
    const value = this.readValue(field, op, input.value, `${pointer}/value`);
    return value === undefined ? undefined : { field: field.name, op, value };
  }

  private readValue(field: Field, op: Operator, raw: unknown, pointer: string): Value | undefined {
    const report = this.faults.at(pointer);
    if (op === 'null') return typeof raw === 'boolean' ? raw : report('invalid_value', 'must be true or false');
    if (op !== 'in' && op !== 'nin') return taken(readJson(field, op, raw), report);
    if (!Array.isArray(raw)) return report('invalid_value', 'must be a list');
    if (!raw.length || raw.length > MOST_VALUES)
      return report('too_many_values', `must have 1 to ${MOST_VALUES} values`);
    const values = raw.map((one, at) => taken(readJson(field, op, one), this.faults.at(`${pointer}/${at}`)));
    return values.filter(isScalar);
  }
}

/**
 * Reads one filter of a query string. Commas separate alternatives, except in text, whose `eq` and `ne` take the value
 * as it stands (its `in` and `nin` split).
 */
export function readFilter(
  name: string,
  operator: string,
  raw: string,
  fields: Fields,
  report: Report,
): Comparison | undefined {
  const field = readField(name, fields, report);
  const op = field && readOperator(field, operator, report);
  if (!field || !op) return undefined;
  if (raw === '') return report('invalid_value', 'must not be empty');
  if (op === 'null') {
    return raw === 'true' || raw === 'false'
      ? { field: name, op, value: raw === 'true' }
      : report('invalid_value', 'must be true or false');
  }
  const several = op === 'in' || op === 'nin' || (field.type !== 'text' && (op === 'eq' || op === 'ne'));
  const words = several ? raw.split(',') : [raw];
  if (words.length > MOST_VALUES) return report('too_many_values', `must have 1 to ${MOST_VALUES} values`);
  if (words.length === 1 && op !== 'in' && op !== 'nin') {
    const value = taken(readText(field, op, raw), report);
    return value === undefined ? undefined : { field: name, op, value };
  }
  const among = op === 'eq' || op === 'in' ? 'in' : 'nin';
  if (!field.operators.includes(among)) return report('invalid_value', 'must be one value');
  const values = words.map((word) => taken(readText(field, among, word), report));
  return { field: name, op: among, value: values.filter(isScalar) };
}

function readField(name: unknown, fields: Fields, report: Report): Field | undefined {
  if (typeof name !== 'string') return report('unknown_field', 'must be the name of a field');
  const field = fieldOf(fields, name);
  return field?.filterable ? field : report('unknown_field', `There is no field ${token(name)} to filter by`);
}

function readOperator(field: Field, name: unknown, report: Report): Operator | undefined {
  const operator = OPERATORS.find((one) => one === name);
  if (operator && field.operators.includes(operator)) return operator;
  return report('unknown_operator', `${field.name} can be compared by ${field.operators.join(', ')}`);
}

const taken = (reading: Reading, report: Report): Scalar | Relative | undefined =>
  'fault' in reading ? report('invalid_value', reading.fault) : reading.value;

const isScalar = (value: unknown): value is Scalar => value !== undefined && typeof value !== 'object';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
