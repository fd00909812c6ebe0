import type { ImportField } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { RowReader, valueOf } from './row-reader.js';

const field = (name: string, type: ImportField['type']): ImportField => ({ name, type, description: name });
const FIELDS = [field('name', 'text'), field('cf.amount', 'number'), field('since', 'date')];
const reader = new RowReader(['Name', 'Amount', 'Since'], FIELDS, {
  columns: [
    { column: 'Name', field: 'name' },
    { column: 'Amount', field: 'cf.amount' },
    { column: 'Since', field: 'since' },
  ],
  ...{ numbers: 'comma', dates: 'dmy' },
});

describe('A row of a file', () => {
  it('is what its cells say, and nothing of those that say nothing', () => {
    expect(reader.read({ number: 2, cells: [' Mira ', '1.234,5', ''] }).values).toEqual({
      ...{ name: 'Mira', 'cf.amount': 1234.5 },
    });
  });

  it('says a formula as it is written, also where an export had marked it', () => {
    for (const cell of ['=1+1', "'=1+1"])
      expect(reader.read({ number: 2, cells: [cell, '', ''] }).values).toEqual({ name: '=1+1' });
  });

  it('is refused when it is ragged, or when a cell is none of its type', () => {
    expect(reader.read({ number: 2, cells: ['Mira'] }).refusal).toMatchObject({ code: 'ragged_row' });
    expect(reader.read({ number: 2, cells: ['a', 'b', 'c', 'd'] }).refusal).toMatchObject({ code: 'ragged_row' });
    expect(reader.read({ number: 2, cells: ['Mira', 'much', ''] }).refusal).toEqual({
      ...{ code: 'invalid_number', detail: 'This is no number as the mapping has it', field: 'cf.amount' },
    });
  });

  it.each([
    ['1,234.5', 'point', 1234.5],
    ['1.234,5', 'comma', 1234.5],
    ["1'234", 'point', 1234],
    ['-3', 'comma', -3],
    ['1.5', 'comma', undefined],
    ['1e9', 'point', undefined],
    ['0x10', 'point', undefined],
  ] as const)('reads the number %s with a %s', (text, numbers, value) => {
    expect(valueOf(text, 'number', { numbers, dates: 'iso' })).toBe(value);
  });

  it.each([
    ['2026-02-03', 'iso', '2026-02-03'],
    ['3.2.2026', 'dmy', '2026-02-03'],
    ['02/03/2026', 'mdy', '2026-02-03'],
    ['31.2.2026', 'dmy', undefined],
    ['2026', 'iso', undefined],
  ] as const)('reads the date %s as %s', (text, dates, value) => {
    expect(valueOf(text, 'date', { numbers: 'point', dates })).toBe(value);
  });

  it.each([
    ['yes', true],
    ['0', false],
    ['maybe', undefined],
  ])('reads %s as yes or no', (text, value) => {
    expect(valueOf(text, 'boolean', { numbers: 'point', dates: 'iso' })).toBe(value);
  });
});
