import { Invalid } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { type Condition, parseCondition } from './condition.js';
import { evaluate } from './condition-evaluate.js';
import { compile } from './condition-sql.js';
import { defineFields } from './fields.js';

const fields = defineFields({
  id: { type: 'id', column: 't.id' },
  name: { type: 'text', column: 't.name' },
  phone: { type: 'text', column: 't.phone', nullable: true },
  status: { type: 'enum', column: 't.status', values: ['new', 'open', 'closed'] },
  amount: { type: 'integer', column: 't.amount', nullable: true },
  createdAt: { type: 'instant', column: 't.created_at' },
  dueOn: { type: 'date', column: 't.due_on', nullable: true },
  secret: { type: 'text', column: 't.secret', filterable: false },
});

const faultsOf = (work: () => unknown): { pointer: string; code: string }[] => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(Invalid);
    return ((error as Invalid).details.errors ?? []).map(({ pointer, code }) => ({ pointer, code }));
  }
  return [];
};
const faultsIn = (input: unknown) => faultsOf(() => parseCondition(input, fields));

const MOMENT = { now: new Date('2026-11-02T09:00:00Z'), zone: 'UTC' };

const sqlOf = (condition: Condition, moment = MOMENT): [string, unknown[]] => {
  const params: unknown[] = [];
  return [compile(parseCondition(condition, fields), fields, params, moment), params];
};

describe('A condition', () => {
  it('keeps a tree as it was written', () => {
    const tree = {
      any: [
        { not: { field: 'status', op: 'in', value: ['new', 'open'] } },
        { field: 'phone', op: 'null', value: true },
      ],
    };
    expect(parseCondition(tree, fields)).toEqual(tree);
  });

  it.each([
    ['no object', 7, '', 'invalid_condition'],
    ['a list', [], '', 'invalid_condition'],
    ['two forms at once', { all: [], any: [] }, '', 'invalid_condition'],
    ['a comparison without value', { field: 'name', op: 'eq' }, '', 'invalid_condition'],
    ['a group that is no list', { all: {} }, '/all', 'invalid_condition'],
    ['an unknown field', { field: 'nope', op: 'eq', value: 1 }, '/field', 'unknown_field'],
    ['a field of the prototype', { field: '__proto__', op: 'eq', value: 1 }, '/field', 'unknown_field'],
    ['a field that is no text', { field: { toString: 1 }, op: 'eq', value: 1 }, '/field', 'unknown_field'],
    ['a field that is not filterable', { field: 'secret', op: 'eq', value: 'x' }, '/field', 'unknown_field'],
    ['an operator of another type', { field: 'status', op: 'gt', value: 'new' }, '/op', 'unknown_operator'],
    ['null asked of what is never null', { field: 'name', op: 'null', value: true }, '/op', 'unknown_operator'],
    ['a number as text', { field: 'amount', op: 'eq', value: '1' }, '/value', 'invalid_value'],
    ['a fraction', { field: 'amount', op: 'eq', value: 1.5 }, '/value', 'invalid_value'],
    ['a number beyond exact integers', { field: 'amount', op: 'eq', value: 2 ** 53 }, '/value', 'invalid_value'],
    ['null as a value', { field: 'phone', op: 'eq', value: null }, '/value', 'invalid_value'],
    ['a word outside the enum', { field: 'status', op: 'eq', value: 'lost' }, '/value', 'invalid_value'],
    ['a NUL', { field: 'name', op: 'contains', value: 'a\0b' }, '/value', 'invalid_value'],
    ['a lone surrogate', { field: 'name', op: 'eq', value: '\ud800' }, '/value', 'invalid_value'],
    ['a day that does not exist', { field: 'dueOn', op: 'eq', value: '2026-02-30' }, '/value', 'invalid_value'],
    [
      'an instant without zone',
      { field: 'createdAt', op: 'gt', value: '2026-02-03T10:00:00' },
      '/value',
      'invalid_value',
    ],
    ['a day as one instant', { field: 'createdAt', op: 'eq', value: '2026-02-03' }, '/value', 'invalid_value'],
    ['an endless span', { field: 'createdAt', op: 'gt', value: { last: '9999d' } }, '/value', 'invalid_value'],
    ['a span of a number', { field: 'amount', op: 'gt', value: { last: '7d' } }, '/value', 'invalid_value'],
    ['no values', { field: 'status', op: 'in', value: [] }, '/value', 'too_many_values'],
    ['too many values', { field: 'amount', op: 'in', value: Array(201).fill(1) }, '/value', 'too_many_values'],
    ['a bad value among good ones', { field: 'amount', op: 'in', value: [1, 'x'] }, '/value/1', 'invalid_value'],
    ['a span in a list', { field: 'dueOn', op: 'in', value: [{ last: '7d' }] }, '/value/0', 'invalid_value'],
  ])('refuses %s', (_, input, pointer, code) => {
    expect(faultsIn(input)).toEqual([{ pointer, code }]);
  });

  it('tells of all faults at once', () => {
    const tree = {
      all: [{ field: 'nope', op: 'eq', value: 1 }, { not: { field: 'amount', op: 'like', value: 1 } }, 3],
    };
    expect(faultsIn(tree).map(({ pointer }) => pointer)).toEqual(['/all/0/field', '/all/1/not/op', '/all/2']);
  });

  it('is bounded in depth', () => {
    const nested = (depth: number): unknown =>
      depth === 1 ? { field: 'name', op: 'eq', value: 'x' } : { not: nested(depth - 1) };
    expect(faultsIn(nested(8))).toEqual([]);
    expect(faultsIn(nested(9))).toEqual([{ pointer: '/not'.repeat(8), code: 'too_deep' }]);
  });

  it('is bounded in size, however long its lists are', () => {
    const one = { field: 'name', op: 'eq', value: 'x' };
    expect(faultsIn({ all: Array(99).fill(one) })).toEqual([]);
    expect(faultsIn({ all: Array(100_000).fill(one) })).toEqual([{ pointer: '/all/99', code: 'too_many_conditions' }]);
  });
});

describe('The SQL of a condition', () => {
  it('holds no value of the caller', () => {
    const evil = "x' or 1=1 --";
    const [sql, params] = sqlOf({
      any: [
        { field: 'name', op: 'eq', value: evil },
        { field: 'name', op: 'starts', value: evil },
      ],
    });
    expect(sql).toBe('(t.name = $1 or t.name ilike $2)');
    expect(params).toEqual([evil, `${evil}%`]);
  });

  it('takes wildcards as plain letters', () => {
    expect(sqlOf({ field: 'name', op: 'contains', value: '50%_\\' })[1]).toEqual(['%50\\%\\_\\\\%']);
  });

  it('is the same text for equal shapes', () => {
    const of = (value: string[]) => sqlOf({ field: 'status', op: 'in', value })[0];
    expect(of(['new'])).toBe(of(['open', 'closed', 'new']));
  });

  it('pushes a negation down to the comparison, and lets null pass there', () => {
    const [sql] = sqlOf({
      not: {
        all: [
          { field: 'amount', op: 'gt', value: 5 },
          { field: 'status', op: 'eq', value: 'new' },
        ],
      },
    });
    expect(sql).toBe('((t.amount <= $1::bigint or t.amount is null) or t.status <> $2)');
  });

  it('is true for all of nothing and false for any of nothing', () => {
    expect(sqlOf({ all: [] })[0]).toBe('true');
    expect(sqlOf({ any: [] })[0]).toBe('false');
    expect(sqlOf({ not: { any: [] } })[0]).toBe('true');
  });

  it('refuses a stored condition whose field is gone', () => {
    const stored: Condition = { field: 'former', op: 'eq', value: 'x' };
    expect(() => compile(stored, fields, [], MOMENT)).toThrow(Invalid);
    expect(() => evaluate(stored, {}, fields, MOMENT)).toThrow(Invalid);
  });
});

describe('A relative date', () => {
  const berlin = { now: new Date('2026-03-29T12:00:00Z'), zone: 'Europe/Berlin' };
  const boundOf = (op: 'gt' | 'gte' | 'lt' | 'lte', value: string | { last: string } | { next: string }) =>
    sqlOf({ field: 'createdAt', op, value }, berlin)[1][0];

  it.each([
    ['America/Havana', '2024-11-03', '2024-11-03T04:00:00.000Z', '2024-11-04T05:00:00.000Z'], // midnight comes twice
    ['Atlantic/Azores', '2026-10-25', '2026-10-25T00:00:00.000Z', '2026-10-26T01:00:00.000Z'],
    ['Africa/Cairo', '2024-04-26', '2024-04-25T22:00:00.000Z', '2024-04-26T21:00:00.000Z'], // there is no midnight
    ['Africa/Cairo', '2024-10-31', '2024-10-30T21:00:00.000Z', '2024-10-31T22:00:00.000Z'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z'], // there is no such day
  ])('leaves no moment between two days, nor in both: %s %s', (zone, day, first, next) => {
    const moment = { now: new Date('2026-11-02T09:00:00Z'), zone };
    const boundOf = (op: 'gte' | 'lt' | 'gt' | 'lte') => sqlOf({ field: 'createdAt', op, value: day }, moment)[1][0];
    const last = new Date(Date.parse(next) - 1).toISOString();
    expect([boundOf('gte'), boundOf('lt'), boundOf('gt'), boundOf('lte')]).toEqual([first, first, last, last]);
  });

  it('begins and ends with the day of the zone, whose length may be 23 hours', () => {
    expect(boundOf('gte', { last: '0d' })).toBe('2026-03-28T23:00:00.000Z');
    expect(boundOf('lte', { last: '0d' })).toBe('2026-03-29T21:59:59.999Z');
  });

  it('counts days, weeks, months and years by the calendar', () => {
    expect(boundOf('gte', { last: '7d' })).toBe('2026-03-21T23:00:00.000Z');
    expect(boundOf('lt', { last: '1w' })).toBe('2026-03-21T23:00:00.000Z');
    expect(boundOf('gte', { last: '1m' })).toBe('2026-02-27T23:00:00.000Z');
    expect(boundOf('lte', { next: '1y' })).toBe('2027-03-29T21:59:59.999Z');
  });

  it('counts hours exactly', () => {
    expect(boundOf('gt', { last: '24h' })).toBe('2026-03-28T12:00:00.000Z');
  });

  it('takes a plain day the same way', () => {
    expect(boundOf('gte', '2026-01-31')).toBe('2026-01-30T23:00:00.000Z');
    expect(boundOf('lte', '2026-01-31')).toBe('2026-01-31T22:59:59.999Z');
    expect(boundOf('gt', '2026-01-31')).toBe('2026-01-31T22:59:59.999Z');
    expect(boundOf('lt', '2026-01-31')).toBe('2026-01-30T23:00:00.000Z');
  });

  it('is a day where the field is a date', () => {
    expect(sqlOf({ field: 'dueOn', op: 'eq', value: { next: '3d' } }, berlin)[1]).toEqual(['2026-04-01']);
  });

  it('stays relative in the condition that is stored', () => {
    const condition = { field: 'createdAt', op: 'gte', value: { last: '7d' } };
    expect(parseCondition(condition, fields)).toEqual(condition);
  });
});

describe('A condition in memory', () => {
  const holds = (condition: Condition, record: Record<string, unknown>) =>
    evaluate(parseCondition(condition, fields), record, fields, MOMENT);

  it('finds nothing equal to null, and everything different from it', () => {
    expect(holds({ field: 'amount', op: 'eq', value: 1 }, { amount: null })).toBe(false);
    expect(holds({ field: 'amount', op: 'ne', value: 1 }, {})).toBe(true);
    expect(holds({ not: { field: 'amount', op: 'gt', value: 1 } }, {})).toBe(true);
  });

  it('takes values in the forms that drivers give', () => {
    expect(holds({ field: 'amount', op: 'gte', value: 10 }, { amount: '10' })).toBe(true);
    expect(
      holds(
        { field: 'createdAt', op: 'eq', value: '2026-01-01T01:00:00+01:00' },
        { createdAt: new Date('2026-01-01T00:00:00Z') },
      ),
    ).toBe(true);
    expect(holds({ field: 'createdAt', op: 'lt', value: '2026-01-02' }, { createdAt: '2026-01-01T23:59:59Z' })).toBe(
      true,
    );
    expect(
      holds(
        { field: 'id', op: 'eq', value: '0190A0B0-0000-7000-8000-00000000ABCD' },
        { id: '0190a0b0-0000-7000-8000-00000000abcd' },
      ),
    ).toBe(true);
  });

  it('reads own properties only', () => {
    expect(
      holds({ field: 'name', op: 'eq', value: 'x' }, Object.create({ name: 'x' }) as object as Record<string, unknown>),
    ).toBe(false);
  });
});

describe('A field of which a record has many', () => {
  const field = { type: 'id', column: 'l.label', among: 'labels l where l.of = t.id', nullable: true } as const;

  it('is asked for in its rows', () => {
    const many = defineFields({ label: field });
    const id = '0190a0b0-0000-7000-8000-000000000001';
    const none = parseCondition({ not: { field: 'label', op: 'in', value: [id] } }, many);
    const params: unknown[] = [];
    const sql = 'not exists (select 1 from labels l where l.of = t.id and l.label = any($1::uuid[]))';
    expect([compile(none, many, params, MOMENT), params]).toEqual([sql, [[id]]]);
    expect(many.label.operators).toEqual(['eq', 'ne', 'in', 'nin', 'null']);
    const sizes = defineFields({ size: { ...field, type: 'number', column: 'l.size' } });
    const big = parseCondition({ not: { field: 'size', op: 'gt', value: 1 } }, sizes);
    expect(compile(big, sizes, [], MOMENT)).toBe(
      'not exists (select 1 from labels l where l.of = t.id and l.size > $1::numeric)',
    );
    expect(() => defineFields({ label: { ...field, sortable: true } })).toThrow('label has many values');
  });
});
