import { describe, expect, it } from 'vitest';
import { valueOfCell } from './cell-values.js';
import { type FieldTerms, readValue } from './field-values.js';

const option = (key: string) => ({ key, label: key, isRetired: false });
const terms = (over: Partial<FieldTerms>): FieldTerms => ({
  ...{ type: 'money', rules: {}, options: ['red', 'blue'].map(option), currency: null },
  ...over,
});
const read = (over: Partial<FieldTerms>, cell: unknown): unknown => {
  const reading = readValue(terms(over), valueOfCell(terms(over), cell));
  return 'code' in reading ? reading.code : reading.value;
};

describe('A cell of a file', () => {
  it.each([
    ['12.50 EUR', { amount: 1250, currency: 'EUR' }],
    ['EUR 12.5', { amount: 1250, currency: 'EUR' }],
    ['-0.05EUR', { amount: -5, currency: 'EUR' }],
    ['12 JPY', { amount: 12, currency: 'JPY' }],
    ['1.234 KWD', { amount: 1234, currency: 'KWD' }],
    ['12.500 EUR', { amount: 1250, currency: 'EUR' }],
    ['{"amount":1250,"currency":"EUR"}', { amount: 1250, currency: 'EUR' }],
    ['12.505 EUR', 'wrong_exponent'],
    ['12.5 JPY', 'wrong_exponent'],
    ['12.50 XXX', 'invalid_value'],
    ['12.50', 'invalid_value'],
    ['EUR 12.50 EUR', 'invalid_value'],
    ['1,250.00 EUR', 'invalid_value'],
    ['{"amount":', 'invalid_value'],
    ['much', 'invalid_value'],
  ])('of money: %s', (cell, value) => {
    expect(read({}, cell)).toEqual(value);
  });

  it('of money in the only currency of its field needs not name it, and names no other', () => {
    expect(read({ currency: 'KWD' }, '12.5')).toEqual({ amount: 12_500, currency: 'KWD' });
    expect(read({ currency: 'KWD' }, '12.5 EUR')).toBe('wrong_currency');
  });

  it.each([
    ['red; blue', ['red', 'blue']],
    ['blue;blue;', ['blue']],
    ['["red","blue"]', ['red', 'blue']],
    ['red, blue', 'invalid_value'],
    ['[', 'invalid_value'],
  ])('of several choices: %s', (cell, value) => {
    const found = read({ type: 'multi_select' }, cell);
    if (Array.isArray(value)) expect(found).toEqual(value);
    else expect(found).toEqual(expect.any(String));
  });

  it('of any other type is what it is', () => {
    expect(read({ type: 'text' }, '12.50 EUR')).toBe('12.50 EUR');
    expect(read({ type: 'number' }, 7)).toBe(7);
  });
});
