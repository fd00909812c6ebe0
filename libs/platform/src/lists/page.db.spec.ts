import type { Invalid } from '@app/kernel';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defineFields } from './fields.js';
import { type ListQuery, parseListQuery, type RawQuery } from './list-query.js';
import type { ListSpec } from './list-spec.js';
import { type Page, type PageRead, type Queryable, readPage } from './page.js';

const spec: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 't.id', sortable: true },
    createdAt: { type: 'instant', column: 't.created_at', sortable: true },
    seenAt: { type: 'instant', column: 't.seen_at', sortable: true, nullable: true },
    name: { type: 'text', column: 't.name', sortable: true, nullable: true },
    status: { type: 'enum', column: 't.status', values: ['new', 'open'], sortable: true },
    rank: { type: 'integer', column: 't.rank', sortable: true },
    score: { type: 'number', column: 't.score', sortable: true, nullable: true },
    dueOn: { type: 'date', column: 't.due_on', sortable: true, nullable: true },
    isVip: { type: 'boolean', column: 't.is_vip', sortable: true },
  }),
  outputs: ['id', 'createdAt', 'name', 'rank'],
  defaultSort: '-createdAt',
  searchable: true,
};
const select = { id: 't.id', createdAt: 't.created_at', name: 't.name', rank: 't.rank' };
type Row = { id: string; createdAt: Date; name: string | null; rank: number };

const idOf = (number: number): string => `0190a0b0-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

// Few values, so that many rows tie, and instants as fine as timestamptz is.
const row = fc.record({
  created_at: fc.constantFrom('2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.000002Z', '2026-01-02T00:00:00Z'),
  seen_at: fc.option(fc.constantFrom('2026-01-01T00:00:00Z', '1900-01-01T00:00:00Z')),
  name: fc.option(fc.constantFrom('', 'Ärmel', 'a"b\\c', '😀', 'zoe')),
  status: fc.constantFrom('new', 'open'),
  rank: fc.constantFrom(-1, 0, 1),
  score: fc.option(fc.constantFrom(0.1, 0.30000000000000004, 1e-300, -1.5e300)),
  due_on: fc.option(fc.constantFrom('2026-01-01', '2026-12-31')),
  is_vip: fc.boolean(),
});
const sort = fc
  .uniqueArray(fc.constantFrom('createdAt', 'seenAt', 'name', 'status', 'rank', 'score', 'dueOn', 'isVip', 'id'), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(name, `-${name}`))))
  .map((keys) => keys.filter((key) => !key.endsWith('id') || key === 'id').join(',') || 'rank');

describe('A page', () => {
  let pool: pg.Pool;
  let db: Queryable;
  let statements: string[];

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: process.env.NEXUS_TEST_POSTGRES, max: 1 });
    await pool.query(`create temp table t (
      id uuid primary key, created_at timestamptz not null, seen_at timestamptz, name text, status text not null,
      rank integer not null, score double precision, due_on date, is_vip boolean not null)`);
    db = {
      query: async <T>(sql: string, params?: unknown[]): Promise<T[]> => {
        statements.push(sql);
        return (await pool.query(sql, params)).rows as T[];
      },
    };
  });
  afterAll(() => pool.end());
  beforeEach(async () => {
    statements = [];
    await pool.query('truncate t');
  });

  const insert = (rows: object[]): Promise<unknown> =>
    pool.query('insert into t select * from json_populate_recordset(null::t, $1)', [JSON.stringify(rows)]);
  const store = (rows: object[]): Promise<unknown> =>
    pool.query('truncate t').then(() => insert(rows.map((one, at) => ({ id: idOf(at * 16), ...one }))));
  const plain = { created_at: '2026-01-01T00:00:00Z', status: 'new', rank: 0, is_vip: false };
  const storeMany = (count: number): Promise<unknown> =>
    store(Array.from({ length: count }, (_, rank) => ({ ...plain, rank })));

  const read = (raw: RawQuery, more: Partial<PageRead<Row, Row>> = {}): Promise<Page<Row>> =>
    readPage<Row>(db, { select, from: 't', query: parseListQuery(raw, spec), spec, ...more });
  const idsOf = (page: Page<Row>): string[] => page.data.map(({ id }) => id);

  const walk = async (raw: RawQuery, between?: () => Promise<unknown>): Promise<string[]> => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<Row> = await read({ ...raw, cursor });
      seen.push(...idsOf(page));
      expect(page.meta.hasNext).toBe(page.meta.nextCursor !== null);
      cursor = page.meta.nextCursor;
      await between?.();
    }
    return seen;
  };

  it('after page by cursor gives every row once, in the order of the whole list and of its pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        sort,
        fc.integer({ min: 1, max: 4 }),
        async (rows, keys, limit) => {
          await store(rows);
          const whole = idsOf(await read({ sort: keys, limit: '100' }));
          expect(new Set(whole).size).toBe(rows.length);
          expect(await walk({ sort: keys, limit: String(limit) })).toEqual(whole);
          const paged: string[] = [];
          for (let page = 1; page <= Math.ceil(rows.length / limit); page += 1) {
            paged.push(...idsOf(await read({ sort: keys, limit: String(limit), page: String(page) })));
          }
          expect(paged).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('by cursor neither repeats nor loses a row while rows are written behind it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 3, maxLength: 10 }),
        fc.array(row, { minLength: 12, maxLength: 12 }),
        sort,
        async (rows, later, keys) => {
          await store(rows);
          const before = idsOf(await read({ sort: keys, limit: '100' }));
          let written = 0;
          const seen = await walk({ sort: keys, limit: '2' }, async () => {
            const next = later[written];
            if (next) await insert([{ id: idOf(written * 16 + 7), ...next }]);
            written += 1;
          });
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.filter((id) => before.includes(id))).toEqual(before);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('tells where it stands', async () => {
    await storeMany(5);
    expect((await read({ limit: '2' })).meta).toMatchObject({
      page: 1,
      limit: 2,
      total: 5,
      totalPages: 3,
      hasNext: true,
      hasPrev: false,
    });
    expect((await read({ limit: '2', page: '3' })).meta).toEqual({
      page: 3,
      limit: 2,
      total: 5,
      totalPages: 3,
      hasNext: false,
      hasPrev: true,
      nextCursor: null,
    });
    expect((await read({ limit: '2', page: '9' })).data).toEqual([]);
  });

  it('has no next page when the rows end with it', async () => {
    await storeMany(4);
    expect((await read({ limit: '2', page: '2' })).meta).toMatchObject({ hasNext: false, nextCursor: null });
  });

  it('goes on by cursor from any page by number', async () => {
    await storeMany(5);
    const { meta } = await read({ sort: 'rank', limit: '2' });
    expect(
      (await read({ sort: 'rank', limit: '2', cursor: meta.nextCursor ?? '' })).data.map(({ rank }) => rank),
    ).toEqual([2, 3]);
  });

  it('takes two statements with a total, and one without, whatever its size', async () => {
    await storeMany(30);
    await read({ limit: '5' });
    expect(statements).toHaveLength(2);
    statements = [];
    await read({ limit: '100', cursor: '' });
    expect(statements).toHaveLength(1);
  });

  it('has the same statement for the same shape', async () => {
    await read({ status: 'new', page: '2', count: 'none' });
    await read({ status: 'open', page: '3', count: 'none' });
    expect(statements[0]).toBe(statements[1]);
  });

  it('counts up to ten thousand when it is asked to stop there', async () => {
    await pool.query(
      `insert into t select gen_random_uuid(), now(), null, null, 'new', n, null, null, false from generate_series(1, 10001) n`,
    );
    expect((await read({ count: 'capped' })).meta).toMatchObject({ total: 10_000, totalIsCapped: true });
    expect((await read({ count: 'exact' })).meta.total).toBe(10_001);
    const few = (await read({ count: 'capped', 'rank[lte]': '7' })).meta;
    expect(few.total).toBe(7);
    expect(few).not.toHaveProperty('totalIsCapped');
  });

  it('gives the planner’s estimate when that is enough', async () => {
    await storeMany(50);
    await pool.query('analyze t');
    expect((await read({ count: 'estimate' })).meta).toMatchObject({ total: 50, totalIsEstimate: true });
    expect((await read({ count: 'estimate', status: 'new', 'rank[lt]': '10' })).meta.total).toBeLessThan(30);
  });

  it('reads only the columns it was asked for', async () => {
    await storeMany(1);
    expect(await read({ fields: 'rank', count: 'none' })).toMatchObject({ data: [{ id: idOf(0), rank: 0 }] });
    expect(statements[0]).not.toContain('t.name');
    expect((await read({ fields: 'rank' })).data[0]).not.toHaveProperty('name');
  });

  it('maps whole rows and narrows the view afterwards', async () => {
    await storeMany(1);
    const map = (one: Row): Row => ({ ...one, name: one.createdAt.toISOString() });
    expect((await read({ fields: 'name' }, { map })).data).toEqual([{ id: idOf(0), name: '2026-01-01T00:00:00.000Z' }]);
    expect((await read({}, { map })).data[0]).toMatchObject({ rank: 0 });
  });

  it('keeps to the condition and the search of the list itself', async () => {
    await storeMany(10);
    const own = { where: 't.rank >= $1 or t.rank = $2', params: [6, 0] };
    expect((await read({ 'rank[lt]': '8', sort: 'rank' }, own)).data.map(({ rank }) => rank)).toEqual([0, 6, 7]);
    const searchIds = (term: string): string => `select s.id from t s where s.rank = ${term}::int`;
    expect((await read({ q: '7' }, { ...own, searchIds })).data.map(({ rank }) => rank)).toEqual([7]);
    expect((await read({ q: '3' }, { ...own, searchIds })).meta.total).toBe(0);
  });

  it('reads one statement at a time inside a transaction', async () => {
    await storeMany(3);
    let running = 0;
    const query = async <T>(sql: string, params?: unknown[]): Promise<T[]> => {
      expect((running += 1)).toBe(1);
      const rows = await db.query<T>(sql, params);
      running -= 1;
      return rows;
    };
    const asked = parseListQuery({}, spec);
    const page = await readPage<Row>({ query, isInTransaction: true }, { select, from: 't', query: asked, spec });
    expect(page.meta.total).toBe(3);
  });

  it('is one range of the index of its order', async () => {
    await pool.query('create index t_by_created on t (created_at, id)');
    await pool.query(
      `insert into t select gen_random_uuid(), now() - n * interval '1 minute', null, null, 'new', n, null, null, false from generate_series(1, 5000) n`,
    );
    await pool.query('analyze t');
    const { meta } = await read({ limit: '50' });
    statements = [];
    const query: ListQuery = parseListQuery({ limit: '50', cursor: meta.nextCursor ?? '' }, spec);
    await readPage<Row>(db, { select, from: 't', query, spec });
    const position = query.after?.map((text, at) => (at === 0 ? `${text}Z` : text));
    const plan = await pool.query<{ 'QUERY PLAN': string }>(`explain ${statements[0]}`, position);
    const text = plan.rows.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index (Only )?Scan Backward using t_by_created/);
    expect(text).toContain('Index Cond: (ROW(created_at, id) <');
    expect(text).not.toContain('Sort');
    await pool.query('drop index t_by_created');
  });

  it.each([
    ['values', 'seenAt', 40, '>'],
    ['nulls', '-seenAt', 10, 'IS NULL'],
  ])('is one range of the index among %s of what may be null, by %s', async (_, sort, page, condition) => {
    await pool.query('create index t_by_seen on t (seen_at, id)');
    await pool.query(
      `insert into t select gen_random_uuid(), now(), case when n % 2 = 0 then now() - n * interval '1 minute' end, null, 'new', n, null, null, false
       from generate_series(1, 5000) n`,
    );
    await pool.query('analyze t');
    const { meta } = await read({ sort, limit: '50', page: String(page) });
    statements = [];
    const query: ListQuery = parseListQuery({ sort, limit: '50', cursor: meta.nextCursor ?? '' }, spec);
    await readPage<Row>(db, { select, from: 't', query, spec });
    expect(statements).toHaveLength(1);
    const position = query.after?.flatMap((text, at) => (text === null ? [] : [at === 0 ? `${text}Z` : text]));
    const plan = await pool.query<{ 'QUERY PLAN': string }>(`explain analyze ${statements[0]}`, position);
    const text = plan.rows.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index (Only )?Scan (Backward )?using t_by_seen/);
    expect(text).toMatch(new RegExp(`Index Cond: .*${condition}`));
    expect(text).not.toMatch(/Sort|Filter/);
    await pool.query('drop index t_by_seen');
  });
});

describe('A cursor', () => {
  const pageCursor = async (raw: RawQuery, found: Record<string, unknown>): Promise<string> => {
    const db: Queryable = { query: <T>() => Promise.resolve([found, found] as T[]) };
    const query = parseListQuery({ ...raw, limit: '1', count: 'none' }, spec);
    return (await readPage<Row>(db, { select, from: 't', query, spec })).meta.nextCursor ?? '';
  };
  const faultOf = (raw: RawQuery): string | undefined => {
    try {
      parseListQuery(raw, spec);
      return undefined;
    } catch (error) {
      return (error as Invalid).details.errors?.map(({ pointer, code }) => `${pointer} ${code}`).join();
    }
  };
  const place = { _key0: '2026-01-01 00:00:00', _key1: idOf(1) };

  it('belongs to its filter, its search and its order', async () => {
    const cursor = await pageCursor({ status: 'new' }, place);
    expect(faultOf({ status: 'new', cursor })).toBeUndefined();
    expect(faultOf({ status: 'new', cursor, limit: '7', fields: 'rank' })).toBeUndefined();
    expect(faultOf({ status: 'open', cursor })).toBe('query/cursor cursor_mismatch');
    expect(faultOf({ status: 'new', q: 'x', cursor })).toBe('query/cursor cursor_mismatch');
    expect(faultOf({ status: 'new', sort: 'createdAt', cursor })).toBe('query/cursor cursor_mismatch');
    expect(faultOf({ status: 'lost', cursor })).toBe('query/status invalid_value');
  });

  it.each([
    ['createdAt', 'yesterday'],
    ['createdAt', '2026-13-01 00:00:00'],
    ['createdAt', '0000-01-01 00:00:00'],
    ['seenAt', 'infinity; drop table t'],
    ['rank', '1.5'],
    ['rank', '9223372036854775808'],
    ['score', '1e999'],
    ['score', '1e-999'],
    ['score', 'NaN'],
    ['name', 'a\0'],
    ['status', 'lost'],
    ['dueOn', '2026-02-30'],
    ['isVip', 'maybe'],
    ['id', 'x'],
  ])('is refused when its value of %s is forged as %j', async (name, value) => {
    const cursor = await pageCursor({ sort: name }, { _key0: value, _key1: idOf(1) });
    expect(faultOf({ sort: name, cursor })).toBe('query/cursor invalid_cursor');
  });

  it('is refused and never an error of ours when it was damaged', async () => {
    const cursor = await pageCursor({}, place);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.string({ maxLength: 3 }), (at, noise) => {
        const damaged = cursor.slice(0, at) + noise + cursor.slice(at + 1);
        const fault = faultOf({ cursor: damaged });
        // What still reads as a position of this list is none of another's; all else is refused.
        if (fault === undefined) expect(parseListQuery({ cursor: damaged }, spec).mode).toBe('cursor');
        else expect(fault).toMatch(/^query\/cursor (invalid_cursor|cursor_mismatch|invalid_value)$/);
      }),
    );
  });

  it('is not made from a null that the field was declared not to hold', async () => {
    await expect(pageCursor({}, { ...place, _key0: null })).rejects.toThrow('createdAt');
  });
});
