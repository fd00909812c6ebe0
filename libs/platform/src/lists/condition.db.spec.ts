import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Condition, parseCondition } from './condition.js';
import { evaluate } from './condition-evaluate.js';
import { compile } from './condition-sql.js';
import { defineFields, type Operator } from './fields.js';

const fields = defineFields({
  id: { type: 'id', column: 't.id' },
  name: { type: 'text', column: 't.name' },
  note: { type: 'text', column: 't.note', nullable: true },
  status: { type: 'enum', column: 't.status', values: ['new', 'open', 'closed'], nullable: true },
  amount: { type: 'integer', column: 't.amount', nullable: true },
  total: { type: 'integer', column: 't.total' },
  rate: { type: 'number', column: 't.rate', nullable: true },
  share: { type: 'number', column: 't.share' },
  isVip: { type: 'boolean', column: 't.is_vip', nullable: true },
  createdAt: { type: 'instant', column: 't.created_at' },
  closedAt: { type: 'instant', column: 't.closed_at', nullable: true },
  dueOn: { type: 'date', column: 't.due_on', nullable: true },
  labels: { type: 'text', column: 'l.label', among: 'unnest(t.labels) l(label) where true', nullable: true },
  sizes: { type: 'integer', column: 'z.size', among: 'unnest(t.sizes) z(size) where true', nullable: true },
});

const moment = { now: new Date('2026-03-29T12:34:56.789Z'), zone: 'Europe/Berlin' };

// Few letters, and those that fold, expand or mean something to LIKE, so that values often meet.
const word = fc.string({
  unit: fc.constantFrom('a', 'A', '%', '_', '\\', 'é', 'É', 'Σ', 'ς', 'İ', 'ß', '😀', ' '),
  minLength: 1,
  maxLength: 4,
});
const status = fc.constantFrom('new', 'open', 'closed');
const id = fc.constantFrom(...[1, 2, 3].map((digit) => `0190a0b0-0000-7000-8000-00000000000${digit}`));
const integer = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.maxSafeInteger());
const number = fc.oneof(fc.constantFrom(0, -0, 0.1, 0.3, 1.5, -2), fc.double({ noNaN: true, noDefaultInfinity: true }));
const day = fc.constantFrom('2026-03-28', '2026-03-29', '2026-03-30', '2026-04-05');
const instant = fc
  .integer({ min: -72, max: 72 })
  .chain((hours) =>
    fc
      .constantFrom(0, 1, 998, 999)
      .map((milliseconds) => new Date(Date.UTC(2026, 2, 29, hours, 0, 0, milliseconds)).toISOString()),
  );
const relative = fc
  .tuple(fc.constantFrom('last', 'next'), fc.constantFrom('0d', '1d', '2d', '1w', '1m', '1y'))
  .map(([key, span]) => ({ [key]: span }));
const hours = fc.constantFrom({ last: '5h' }, { next: '24h' });

const row = fc.record({
  name: word,
  note: fc.option(word),
  status: fc.option(status),
  amount: fc.option(fc.integer({ min: -2, max: 2 })),
  total: integer,
  rate: fc.option(fc.constantFrom('0', '0.1', '0.3', '1.5', '-2.0')),
  share: number,
  is_vip: fc.option(fc.boolean()),
  created_at: instant,
  closed_at: fc.option(instant),
  due_on: fc.option(day),
  labels: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  sizes: fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 3 }),
});

const compare = (field: string, ops: Operator[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.record({ field: fc.constant(field), op: fc.constantFrom(...ops), value });
const same = (field: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    compare(field, ['eq', 'ne'], value),
    compare(field, ['in', 'nin'], fc.array(value, { minLength: 1, maxLength: 3 })),
  );
const range = (field: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  compare(field, ['gt', 'gte', 'lt', 'lte'], value);

const comparison = fc.oneof(
  same('id', id),
  ...['name', 'note'].flatMap((field) => [same(field, word), compare(field, ['contains', 'starts'], word)]),
  same('status', status),
  ...['amount', 'total'].flatMap((field) => [same(field, integer), range(field, integer)]),
  ...['rate', 'share'].flatMap((field) => [same(field, number), range(field, number)]),
  compare('isVip', ['eq', 'ne'], fc.boolean()),
  ...['createdAt', 'closedAt'].flatMap((field) => [
    same(field, instant),
    range(field, fc.oneof(instant, day, relative, hours)),
  ]),
  same('dueOn', day),
  compare('dueOn', ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'], fc.oneof(day, relative)),
  same('labels', fc.constantFrom('a', 'b', 'd')),
  compare('labels', ['contains', 'starts'], fc.constantFrom('A', 'b', 'd', '%')),
  same('sizes', integer),
  range('sizes', integer),
  ...['note', 'labels', 'sizes'].map((field) => compare(field, ['null'], fc.boolean())),
  compare('closedAt', ['null'], fc.boolean()),
);

const condition = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 5, withCrossShrink: true },
    comparison,
    fc.record({ not: tie('node') }),
    fc.record({ all: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('node'), { maxLength: 3 }) }),
  ),
})).node;

type Row = Record<string, unknown> & { id: string };
const factsOf = (stored: Row): Record<string, unknown> => ({
  ...stored,
  isVip: stored.is_vip,
  createdAt: stored.created_at,
  closedAt: stored.closed_at,
  dueOn: stored.due_on,
});

describe('A condition', () => {
  let client: pg.Client;

  beforeAll(async () => {
    client = new pg.Client({ connectionString: process.env.NEXUS_TEST_POSTGRES });
    await client.connect();
    await client.query(`create temp table t (
      id uuid, name text not null, note text, status text, amount integer, total bigint not null, rate numeric,
      share double precision not null, is_vip boolean, created_at timestamptz(3) not null, closed_at timestamptz(3), due_on date,
      labels text[], sizes integer[])`);
  });
  afterAll(() => client.end());

  const store = async (rows: object[]): Promise<Row[]> => {
    const numbered = rows.map((one, at) => ({ ...one, id: `0190a0b0-0000-7000-8000-00000000000${at + 1}` }));
    await client.query('truncate t');
    const sql = 'insert into t select * from json_populate_recordset(null::t, $1)';
    await client.query(sql, [JSON.stringify(numbered)]);
    return (await client.query<Row>('select t.*, t.due_on::text from t')).rows;
  };
  const matches = async (asked: Condition): Promise<string[]> => {
    const params: unknown[] = [];
    const sql = `select t.id from t where ${compile(asked, fields, params, moment)} order by t.id`;
    return (await client.query<Row>(sql, params)).rows.map((found) => found.id);
  };

  it('means in SQL what it means in memory', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 6 }),
        fc.array(condition, { minLength: 1, maxLength: 8 }),
        async (rows, trees) => {
          const stored = await store(rows);
          for (const tree of trees) {
            const asked = parseCondition(tree, fields);
            const expected = stored.filter((one) => evaluate(asked, factsOf(one), fields, moment)).map((one) => one.id);
            expect(await matches(asked)).toEqual(expected.sort());
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('and its negation split the rows in two', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), condition, async (rows, tree) => {
        const stored = await store(rows);
        const asked = parseCondition(tree, fields);
        const [yes, no] = [await matches(asked), await matches({ not: asked })];
        expect([...yes, ...no].sort()).toEqual(stored.map((one) => one.id).sort());
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['ΑΣ', 'ασ', true],
    ['ΑΣ', 'ας', false],
    ['İzmir', 'izm', true],
    ['Straße', 'SS', false],
    ['ÉTÉ', 'été', true],
    ['50% off', '0% O', true],
    ['50 off', '0% o', false],
    ['a_b', 'A_B', true],
    ['axb', 'a_b', false],
  ])('finds in %j the text %j: %s, in SQL as in memory', async (name, value, isFound) => {
    const [stored] = await store([{ name, total: 1, share: 1, created_at: '2026-01-01T00:00:00Z' }]);
    const asked: Condition = { field: 'name', op: 'contains', value };
    expect(evaluate(asked, factsOf(stored as Row), fields, moment)).toBe(isFound);
    expect(await matches(asked)).toHaveLength(isFound ? 1 : 0);
  });

  it('takes values that the column could not hold', async () => {
    await store([{ name: 'a', amount: 1, total: 1, share: 1, created_at: '2026-01-01T00:00:00Z' }]);
    expect(await matches({ field: 'amount', op: 'lt', value: Number.MAX_SAFE_INTEGER })).toHaveLength(1);
    expect(await matches({ field: 'share', op: 'gt', value: -5e-324 })).toHaveLength(1);
    expect(await matches({ field: 'rate', op: 'ne', value: Number.MAX_VALUE })).toHaveLength(1);
  });
});
