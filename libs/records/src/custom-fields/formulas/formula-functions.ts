import { FormulaInvalid } from './formula.errors.js';
import type { FormulaType } from './formula.policy.js';

/** A piece of a formula as SQL, whose value is of that type or null. `literal`: the number that stands there. */
export type Piece = { readonly type: FormulaType; readonly sql: string; readonly literal?: string };

type Write = (of: readonly Piece[]) => Piece;

const ORDERED: readonly FormulaType[] = ['number', 'date', 'instant'];
const MOST_PLACES = 12;

const number = (sql: string): Piece => ({ type: 'number', sql });
const boolean = (sql: string): Piece => ({ type: 'boolean', sql });

function expect(name: string, of: readonly Piece[], ...types: readonly FormulaType[]): void {
  if (of.length !== types.length)
    throw new FormulaInvalid(`${name} takes ${types.length} of ${[...new Set(types)].join(' and ')}`);
  const wrong = of.findIndex(({ type }, at) => type !== types[at]);
  if (wrong >= 0) throw new FormulaInvalid(`${name} takes ${types[wrong]} and not ${of[wrong]?.type}`);
}

/** The one type of all of them. */
function common(name: string, of: readonly Piece[], least: number, among?: readonly FormulaType[]): FormulaType {
  const [first] = of;
  if (!first || of.length < least) throw new FormulaInvalid(`${name} takes ${least} values or more`);
  const other = of.find(({ type }) => type !== first.type);
  if (other) throw new FormulaInvalid(`${name} takes values of one type, not ${first.type} and ${other.type}`);
  if (among && !among.includes(first.type))
    throw new FormulaInvalid(`${name} takes ${among.join(', ')} and not ${first.type}`);
  return first.type;
}

const listed = (of: readonly Piece[]): string => of.map(({ sql }) => sql).join(', ');

/** What is too large, or divided by zero, is null: `formula_number` keeps every result within 18 digits and 12 places. */
const arithmetic =
  (sign: string): Write =>
  (of) => {
    expect(sign, of, 'number', 'number');
    const [one, other] = of;
    const divisor = sign === '/' ? `nullif(${other?.sql}, 0)` : other?.sql;
    return number(`formula_number(${one?.sql} ${sign} ${divisor})`);
  };

const comparison =
  (sign: string, sql: string, among?: readonly FormulaType[]): Write =>
  (of) => {
    if (of.length === 2) common(sign, of, 2, among);
    return boolean(`(${of.map((one) => one.sql).join(` ${sql} `)})`);
  };

const connection =
  (sign: string, sql: string): Write =>
  (of) => {
    expect(sign, of, 'boolean', 'boolean');
    return boolean(`(${of.map((one) => one.sql).join(` ${sql} `)})`);
  };

/** Null among them is null: what is not known could be the least. `coalesce` says what it shall count as. */
const extreme =
  (name: 'min' | 'max'): Write =>
  (of) => {
    const type = common(name, of, 2, ORDERED);
    return { type, sql: `formula_${name}(array[${listed(of)}])` };
  };

const round: Write = ([value, places = number('0'), ...more]) => {
  const digits = Number(places.literal ?? (places.sql === '0' ? 0 : NaN));
  expect('round', value ? [value, ...more] : more, 'number');
  if (!Number.isInteger(digits) || digits > MOST_PLACES)
    throw new FormulaInvalid(`round takes as its places a number from 0 to ${MOST_PLACES}`);
  return number(`round(${value?.sql}, ${digits})`);
};

/** A condition that is null chooses neither. */
const choice: Write = (of) => {
  const [condition, one, other, ...more] = of;
  if (condition?.type !== 'boolean' || !one || !other || more.length)
    throw new FormulaInvalid('if takes a condition, what holds then, and what holds else');
  const type = common('if', [one, other], 2);
  return { type, sql: `(case ${condition.sql} when true then ${one.sql} when false then ${other.sql} end)` };
};

function textOf({ type, sql }: Piece): string {
  switch (type) {
    case 'text':
      return sql;
    case 'number':
      return `trim_scale(${sql})::text`;
    case 'boolean':
      return `(case ${sql} when true then 'true' when false then 'false' end)`;
    case 'date':
      return `to_char(${sql}, 'YYYY-MM-DD')`;
    case 'instant':
      return `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  }
}

const concat: Write = (of) => {
  if (!of.length) throw new FormulaInvalid('concat takes values');
  return { type: 'text', sql: `formula_text(${of.map(textOf).join(' || ')})` };
};

/** Whole days from the one to the other; of instants, between their days in UTC. */
const daysBetween: Write = (of) => {
  common('days_between', of, 2, ['date', 'instant']);
  if (of.length !== 2) throw new FormulaInvalid('days_between takes two days');
  const [from, to] = of.map(({ type, sql }) => (type === 'date' ? sql : `(${sql} at time zone 'UTC')::date`));
  return number(`(${to} - ${from})::numeric`);
};

/** By their names, and operators by their signs. None of them tells another thing tomorrow, or of another record. */
export const FUNCTIONS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ...['+', '-', '*', '/'].map((sign) => [sign, arithmetic(sign)] as const),
  ['==', comparison('==', '=')],
  ['!=', comparison('!=', '<>')],
  ...['<', '<=', '>', '>='].map((sign) => [sign, comparison(sign, sign, ORDERED)] as const),
  ['&&', connection('&&', 'and')],
  ['||', connection('||', 'or')],
  [
    '!',
    (of) => {
      expect('!', of, 'boolean');
      return boolean(`(not ${of[0]?.sql})`);
    },
  ],
  [
    'minus',
    (of) => {
      expect('minus', of, 'number');
      return number(`(- ${of[0]?.sql})`);
    },
  ],
  ['if', choice],
  ['round', round],
  ['min', extreme('min')],
  ['max', extreme('max')],
  ['coalesce', (of) => ({ type: common('coalesce', of, 2), sql: `coalesce(${listed(of)})` })],
  ['concat', concat],
  ['days_between', daysBetween],
]);
