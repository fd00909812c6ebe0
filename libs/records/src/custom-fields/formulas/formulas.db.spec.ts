import { newId } from '@app/kernel';
import { defineFields, runAsSystem } from '@app/platform';
import { bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { authContexts } from '@app/auth/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsContext } from '../../index.js';
import { computeAll, type FormulaField } from './formulas.js';

const BUILT_IN = defineFields({
  amount: { type: 'integer', column: 'd.amount', nullable: true },
  name: { type: 'text', column: 'd.name', nullable: true },
  isLate: { type: 'boolean', column: 'd.is_late', nullable: true },
  dueOn: { type: 'date', column: 'd.due_on', nullable: true },
  createdAt: { type: 'instant', column: 'd.created_at', nullable: true },
});
const OWN: FormulaField[] = (['size', 'note', 'flag', 'since'] as const).map((key, at) => ({
  ...{ key, expression: null, isPersonal: false },
  type: (['number', 'text', 'boolean', 'date'] as const)[at]!,
}));

const numbers = fc.oneof(fc.constantFrom('amount', 'cf.size', '0', '1.5', '-3', '999999999999999', '0.000000000001'));
const { number, text, boolean, date } = fc.letrec<Record<'number' | 'text' | 'boolean' | 'date', string>>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4 },
    numbers,
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('boolean'), tie('number'), tie('number')).map((some) => `if(${some.join(', ')})`),
    fc
      .tuple(fc.constantFrom('min', 'max', 'coalesce'), tie('number'), tie('number'))
      .map(([f, a, b]) => `${f}(${a}, ${b})`),
    tie('number').map((one) => `round(${one}, 3)`),
    fc.tuple(tie('date'), tie('date')).map((two) => `days_between(${two.join(', ')})`),
  ),
  text: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('name', 'cf.note', "'it''s \\\\ $1 %s'", '""'),
    fc
      .tuple(tie('text'), tie('number'), tie('boolean'), tie('date'))
      .map((some) => `concat(${some.join(', ')}, createdAt)`),
  ),
  boolean: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('true', 'isLate', 'cf.flag'),
    fc.tuple(tie('number'), fc.constantFrom('<', '>=', '==', '!='), tie('number')).map((some) => `(${some.join(' ')})`),
    fc.tuple(tie('boolean'), fc.constantFrom('&&', '||'), tie('boolean')).map((some) => `(${some.join(' ')})`),
    tie('boolean').map((one) => `!${one}`),
  ),
  date: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('dueOn', 'cf.since'),
    fc.tuple(tie('date'), tie('date')).map((two) => `max(${two.join(', ')})`),
  ),
}));

/** Whatever a row may hold: also what never was a value of its field. */
const ROWS = [
  { amount: null, name: null, is_late: null, due_on: null, created_at: null, custom_fields: {} },
  {
    ...{
      amount: '9007199254740991',
      name: 'x'.repeat(2000),
      is_late: true,
      due_on: '9999-12-31',
      created_at: '2031-01-01Z',
    },
    custom_fields: { size: 1e308, note: 'é'.repeat(2000), flag: false, since: '0001-01-01' },
  },
  {
    ...{ amount: '0', name: "' or 1=1 --", is_late: false, due_on: '2024-02-29', created_at: '0001-01-01Z' },
    custom_fields: { size: 'seven', note: 7, flag: 'yes', since: '2023-02-30' },
  },
  {
    ...{ amount: '-1', name: '', is_late: true, due_on: '2031-01-01', created_at: '2031-01-01Z' },
    custom_fields: { size: 1e-300, note: 'today', flag: null, since: 'today' },
  },
];

describe('The SQL of formulas', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, recordsContext] });
  });
  afterAll(() => slice?.close());

  const compile = (expression: string): string | undefined => {
    const formula: FormulaField = { key: 'f', type: 'formula', expression, isPersonal: false };
    try {
      return computeAll([...OWN, formula], BUILT_IN, 'f').get('f')?.compiled;
    } catch {
      return undefined; // too large a formula
    }
  };
  const values = (sql: string): Promise<{ value: unknown }[]> =>
    runAsSystem(TENANT, 'records.formulas', newId(), () =>
      slice.db.query(
        `select ${sql} as value from jsonb_to_recordset($1::jsonb)
           record(amount bigint, name text, is_late boolean, due_on date, created_at timestamptz, custom_fields jsonb)`,
        [JSON.stringify(ROWS)],
      ),
    );

  it('never fails, whatever it is made of and whatever stands in the row', async () => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(number, text, boolean, date), async (expression) => {
        const sql = compile(expression);
        if (!sql) return;
        tried += 1;
        expect(await values(sql)).toHaveLength(ROWS.length);
      }),
      { numRuns: 150 },
    );
    expect(tried).toBeGreaterThan(75);
  });

  it.each([
    ['1 / 3', 0.333333333333],
    ['0.1 + 0.2 == 0.3', true],
    ['round(2.5) + round(-2.5)', 0],
    ['999999999999999 * 999999999999999', null],
    ['1 / (amount - amount)', null],
    ['if(1 > 2, 1, 2)', 2],
    ["concat('a', 1.50, true)", 'a1.5true'],
    ["concat('it', \"'s\")", "it's"],
  ])('%s is %s', async (expression, wanted) => {
    const [, row] = await values(compile(expression)!);
    expect(typeof wanted === 'number' ? Number(row!.value) : row!.value).toEqual(wanted);
  });
});
