import { FieldRights, type FieldRules } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { fixedIn, fixedOfWhole, withoutHidden, withoutNames } from './limits-of-shape.js';
import { Shapes } from './shape.js';
import { RECORD, Tells } from './tells.js';

@Tells('shape-people')
class ShapePerson {}
@Tells('shape-people', { name: ['first', 'last'] })
@Tells('shape-sales', { sum: 'amount' })
class ShapeSale {}
@Tells('shape-people', { before: RECORD, data: RECORD })
class ShapeChange {}

const ref = (type: { name: string }) => ({ $ref: `#/components/schemas/${type.name}` });
const shapes = new Shapes({
  ShapePerson: { properties: { id: {}, first: {}, last: {}, friends: { items: ref(ShapePerson) } } },
  ShapeSale: { properties: { name: {}, sum: {}, buyer: { allOf: [ref(ShapePerson)] } } },
  ShapeChange: { properties: { before: {}, data: {} } },
});
const rightsOf = (rules: FieldRules): FieldRights => FieldRights.of(rules) as FieldRights;
const kept = rightsOf({ 'shape-people': { last: 'hidden', first: 'read' } });

describe('An answer without hidden fields', () => {
  it('loses them wherever a record stands, however deep, and in itself', () => {
    const person = { id: 1, first: 'A', last: 'B', friends: [{ id: 2, last: 'C', friends: [{ last: 'D' }] }] };
    const shape = shapes.of({ properties: { data: { items: ref(ShapePerson) } } });
    expect(withoutHidden({ data: [person], meta: { last: 3 } }, shape, kept)).toEqual({
      data: [{ id: 1, first: 'A', friends: [{ id: 2, friends: [{}] }] }],
      meta: { last: 3 },
    });
    expect(person.last).toBe('B');
  });

  it('loses what is made of them under another name, and keeps what only sounds like them', () => {
    const sale = { name: 'A B', last: 'sale', sum: 3, buyer: { last: 'B' }, at: new Date(0) };
    expect(withoutHidden(sale, shapes.of(ref(ShapeSale)), kept)).toEqual({
      ...{ last: 'sale', sum: 3, buyer: {}, at: new Date(0) },
    });
  });

  it('loses them in what was before and after', () => {
    const change = { before: { last: 'B', id: 1 }, data: null };
    expect(withoutHidden(change, shapes.of(ref(ShapeChange)), kept)).toEqual({ before: { id: 1 }, data: null });
  });

  it('loses them by name where nothing describes it', () => {
    expect(withoutNames({ a: [{ last: 1, b: { last: 2, c: 3 } }] }, new Set(['last']))).toEqual({
      a: [{ b: { c: 3 } }],
    });
  });
});

describe('A body with fields that are not to be written', () => {
  const at = (value: unknown, type: { name: string }): string[] =>
    fixedIn(value, shapes.of(ref(type)), kept).map(({ pointer }) => pointer);

  it('is faulted at each of them', () => {
    expect(at({ id: 1, first: 'A', last: null, friends: [{ last: 'C' }] }, ShapePerson)).toEqual([
      ...['/first', '/last', '/friends/0/last'],
    ]);
    expect(at({ data: { last: 'B', other: 1 } }, ShapeChange)).toEqual(['/data/last']);
    expect(at({ name: 'x', sum: 1 }, ShapeSale)).toEqual(['/name']);
  });

  it('is faulted at custom fields by their keys', () => {
    const rights = rightsOf({ 'shape-people': { 'cf.size': 'read' } });
    const body = { customFields: { size: 1, other: 2 } };
    expect(fixedIn(body, shapes.of(ref(ShapePerson)), rights).map(({ pointer }) => pointer)).toEqual([
      '/customFields/size',
    ]);
  });

  it('is faulted, given whole, for those that it would empty', () => {
    const pointers = fixedOfWhole(shapes.of(ref(ShapePerson)), kept).map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/first', '/last']);
  });

  it('is no matter where it is no object', () => {
    for (const odd of ['last', 1, null, [1], undefined]) expect(at(odd, ShapePerson)).toEqual([]);
  });
});
