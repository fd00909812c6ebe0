import { Invalid } from '@app/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineFields } from './fields.js';
import { parseListQuery, type RawQuery } from './list-query.js';
import { checkSpec, type ListSpec } from './list-spec.js';
import { parseSearchBody } from './search-body.js';

const fields = defineFields({
  id: { type: 'id', column: 't.id' },
  createdAt: { type: 'instant', column: 't.created_at', sortable: true },
  lastName: { type: 'text', column: 't.last_name', sortable: true },
  status: { type: 'enum', column: 't.status', values: ['new', 'open'] },
  amount: { type: 'integer', column: 't.amount', sortable: true },
  phone: { type: 'text', column: 't.phone', nullable: true },
  isVip: { type: 'boolean', column: 't.is_vip' },
  'cf.size': { type: 'number', column: `(t.custom->>'size')::numeric`, nullable: true },
});
const spec: ListSpec = {
  fields,
  defaultSort: '-createdAt',
  searchable: true,
  includes: ['company', 'company.owner'],
  parameters: { trashed: 'Whether records in the trash are listed.' },
};

const faultsOf = (work: () => unknown): string[] => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(Invalid);
    expect((error as Invalid).code).toBe('invalid_query');
    return ((error as Invalid).details.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
  }
  return [];
};
const faultsIn = (raw: RawQuery) => faultsOf(() => parseListQuery(raw, spec));
const sortOf = (raw: RawQuery) =>
  parseListQuery(raw, spec).sort.map(({ field, direction }) => `${field.name} ${direction}`);
const whereOf = (raw: RawQuery) => parseListQuery(raw, spec).where;

describe('A list query', () => {
  it('has a first page of twenty, counted, in the default order', () => {
    const query = parseListQuery({}, spec);
    expect(query).toMatchObject({ mode: 'page', page: 1, limit: 20, count: 'exact', include: [], where: { all: [] } });
    expect(sortOf({})).toEqual(['createdAt desc', 'id desc']);
  });

  it('reads filters, in the order of their names', () => {
    const raw = {
      status: 'new,open',
      'amount[gte]': '100',
      'phone[null]': 'true',
      isVip: 'false',
      'cf.size[lt]': '1.5',
    };
    expect(whereOf(raw)).toEqual({
      all: [
        { field: 'amount', op: 'gte', value: 100 },
        { field: 'cf.size', op: 'lt', value: 1.5 },
        { field: 'isVip', op: 'eq', value: false },
        { field: 'phone', op: 'null', value: true },
        { field: 'status', op: 'in', value: ['new', 'open'] },
      ],
    });
  });

  it('leaves the commas of text alone, unless it is asked for alternatives', () => {
    expect(whereOf({ lastName: 'Doe, Jr.' })).toEqual({ all: [{ field: 'lastName', op: 'eq', value: 'Doe, Jr.' }] });
    expect(whereOf({ 'lastName[in]': 'Doe,Roe' })).toEqual({
      all: [{ field: 'lastName', op: 'in', value: ['Doe', 'Roe'] }],
    });
  });

  it('reads relative dates', () => {
    expect(whereOf({ 'createdAt[gte]': 'last:7d' })).toEqual({
      all: [{ field: 'createdAt', op: 'gte', value: { last: '7d' } }],
    });
  });

  it('reads the order by sign or by word, and ends it with the id', () => {
    expect(sortOf({ sort: '-amount,lastName' })).toEqual(['amount desc', 'lastName asc', 'id asc']);
    expect(sortOf({ sort: 'lastName', order: 'DESC' })).toEqual(['lastName desc', 'id desc']);
    expect(sortOf({ order: 'asc' })).toEqual(['createdAt asc', 'id asc']);
  });

  it('takes an empty cursor as the start of a list by cursor, which is not counted', () => {
    expect(parseListQuery({ cursor: '' }, spec)).toMatchObject({ mode: 'cursor', after: undefined, count: 'none' });
    expect(parseListQuery({ cursor: '', count: 'exact' }, spec).count).toBe('exact');
  });

  it('always gives the id among sparse fields', () => {
    expect(parseListQuery({ fields: 'status,lastName,status' }, spec).fields).toEqual(['id', 'status', 'lastName']);
  });

  it('passes its further parameters and the raw query through', () => {
    const query = parseListQuery({ trashed: 'yes', limit: '5' }, spec);
    expect(query.parameters).toEqual({ trashed: 'yes' });
    expect(query.raw).toEqual({ trashed: 'yes', limit: '5' });
  });

  it.each([
    [{ limit: '1e9' }, 'query/limit invalid_value'],
    [{ limit: '101' }, 'query/limit invalid_value'],
    [{ limit: '0' }, 'query/limit invalid_value'],
    [{ limit: '-1' }, 'query/limit invalid_value'],
    [{ limit: 'NaN' }, 'query/limit invalid_value'],
    [{ limit: '' }, 'query/limit invalid_value'],
    [{ page: '1e15' }, 'query/page invalid_value'],
    [{ page: '0' }, 'query/page invalid_value'],
    [{ page: '1.5' }, 'query/page invalid_value'],
    [{ page: '999999999999999' }, 'query/cursor cursor_required'],
    [{ page: '501' }, 'query/cursor cursor_required'],
    [{ page: ['1', '2'] }, 'query/page duplicate_parameter'],
    [{ 'a[__proto__][x]': '1' }, 'query/a[__proto__][x] unknown_parameter'],
    [{ __proto__x: '1' }, 'query/__proto__x unknown_field'],
    [{ ['__proto__']: '1' }, 'query/__proto__ unknown_field'],
    [{ constructor: '1' }, 'query/constructor unknown_field'],
    [{ color: 'red' }, 'query/color unknown_field'],
    [{ 'status[like]': 'new' }, 'query/status[like] unknown_operator'],
    [{ 'status[constructor]': 'new' }, 'query/status[constructor] unknown_operator'],
    [{ status: 'new,lost' }, 'query/status invalid_value'],
    [{ status: '' }, 'query/status invalid_value'],
    [{ status: Array(201).fill('new').join(',') }, 'query/status too_many_values'],
    [{ isVip: 'true,false' }, 'query/isVip invalid_value'],
    [{ isVip: '1' }, 'query/isVip invalid_value'],
    [{ amount: '0x10' }, 'query/amount invalid_value'],
    [{ 'cf.size[lt]': '1e400' }, 'query/cf.size[lt] invalid_value'],
    [{ 'phone[null]': 'maybe' }, 'query/phone[null] invalid_value'],
    [{ q: 'a\0' }, 'query/q invalid_value'],
    [{ lastName: '\udc00' }, 'query/lastName invalid_value'],
    [{ sort: 'status' }, 'query/sort unknown_field'],
    [{ sort: 'amount,-amount' }, 'query/sort invalid_value'],
    [{ sort: '-amount', order: 'asc' }, 'query/sort invalid_value'],
    [{ order: 'up' }, 'query/order invalid_value'],
    [{ fields: 'id,password' }, 'query/fields unknown_field'],
    [{ include: 'company.owner.boss' }, 'query/include unknown_field'],
    [{ count: 'all' }, 'query/count invalid_value'],
    [{ cursor: 'not a cursor' }, 'query/cursor invalid_cursor'],
    [{ cursor: '', page: '2' }, 'query/page invalid_value'],
  ] satisfies [RawQuery, string][])('refuses %j', (raw, fault) => {
    expect(faultsIn(raw)).toEqual([fault]);
  });

  it('refuses q where the list has no search', () => {
    expect(faultsOf(() => parseListQuery({ q: 'x' }, { ...spec, searchable: false }))).toEqual([
      'query/q unknown_parameter',
    ]);
  });

  it('tells of all faults at once, a hundred at most', () => {
    expect(faultsIn({ limit: '1e9', color: 'red', sort: 'nope', 'amount[gte]': 'x' }).sort()).toEqual([
      'query/amount[gte] invalid_value',
      'query/color unknown_field',
      'query/limit invalid_value',
      'query/sort unknown_field',
    ]);
    expect(faultsIn(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`x${at}`, '1'])))).toHaveLength(100);
  });

  it('answers anything with a query or with Invalid', () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('page', 'limit', 'sort', 'q', 'cursor', 'status[in]', 'createdAt[gte]', 'fields'),
    );
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 2 }));
    fc.assert(
      fc.property(fc.dictionary(key, value), (raw) => {
        const before = Object.keys(Object.prototype);
        expect(() => parseListQuery(raw, spec)).toSatisfy((parse: () => unknown) => {
          try {
            return parse() !== undefined;
          } catch (error) {
            return error instanceof Invalid;
          }
        });
        expect(Object.keys(Object.prototype)).toEqual(before);
      }),
    );
  });
});

describe('A search body', () => {
  const bodyFaults = (body: unknown) => faultsOf(() => parseSearchBody(body, spec));

  it('says the same as the query string', () => {
    const asked = parseListQuery(
      { status: 'new', sort: '-amount', limit: '5', fields: 'status', include: 'company' },
      spec,
    );
    const body = {
      where: { all: [{ field: 'status', op: 'eq', value: 'new' }] },
      sort: '-amount',
      limit: 5,
      fields: ['status'],
      include: ['company'],
    };
    expect({ ...parseSearchBody(body, spec), raw: asked.raw }).toEqual(asked);
  });

  it.each([
    [null, ' invalid_value'],
    [[], ' invalid_value'],
    [{ page: '1' }, '/page invalid_value'],
    [{ limit: 1e9 }, '/limit invalid_value'],
    [{ limit: 2.5 }, '/limit invalid_value'],
    [{ page: 1e15 }, '/cursor cursor_required'],
    [{ where: { field: 'nope', op: 'eq', value: 1 } }, '/where/field unknown_field'],
    [{ where: null }, '/where invalid_condition'],
    [{ sort: [1] }, '/sort invalid_value'],
    [{ sort: { length: 1 } }, '/sort invalid_value'],
    [{ q: 1 }, '/q invalid_value'],
    [{ cursor: 5 }, '/cursor invalid_value'],
    [{ count: ['exact'] }, '/count invalid_value'],
    [{ order: 'asc' }, '/order unknown_parameter'],
    [{ 'a/b~c': 1 }, '/a~1b~0c unknown_parameter'],
    [JSON.parse('{"__proto__": {"x": 1}}') as unknown, '/__proto__ unknown_parameter'],
  ])('refuses %j', (body, fault) => {
    expect(bodyFaults(body)).toEqual([fault]);
  });
});

describe('The declaration of a list', () => {
  it('refuses a default order that a caller could not ask for', () => {
    expect(() => checkSpec({ ...spec, defaultSort: 'status' })).toThrow('status');
  });

  it('refuses a list without id', () => {
    const { id: _, ...others } = fields;
    expect(() => checkSpec({ ...spec, fields: others })).toThrow('id');
  });

  it('refuses a parameter that is a filter already', () => {
    expect(() => checkSpec({ ...spec, parameters: { status: 'x' } })).toThrow('status');
  });

  it('refuses a field that the grammar could not name', () => {
    expect(() => defineFields({ limit: { type: 'integer', column: 'x' } })).toThrow('limit');
    expect(() => defineFields({ 'a[b]': { type: 'integer', column: 'x' } })).toThrow('a[b]');
    expect(() => defineFields({ kind: { type: 'enum', column: 'x', values: ['a,b'] } })).toThrow('kind');
    expect(() => defineFields({ size: { type: 'boolean', column: 'x', operators: ['gt'] } })).toThrow('size');
  });
});
