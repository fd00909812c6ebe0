import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldType } from './custom-field.policy.js';
import { convert } from './field-conversion.js';
import { type FieldTerms, readValue } from './field-values.js';

const OPTIONS = [
  { key: 'gold', label: 'Gold', isRetired: false },
  { key: 'tin', label: 'Tin', isRetired: false },
];
const terms = (type: FieldType, over: Partial<FieldTerms> = {}): FieldTerms => ({
  ...{ type, rules: {}, currency: null },
  options: type === 'select' || type === 'multi_select' ? OPTIONS : [],
  ...over,
});

describe('A value of a custom field', () => {
  it.each<[FieldType, unknown, FieldType, unknown]>([
    ['text', '12', 'number', 12],
    ['text', '-0.5', 'number', -0.5],
    ['text', 'twelve', 'number', undefined],
    ['text', '1e400', 'number', undefined],
    ['text', '12345678901234567', 'number', undefined],
    ['text', '2026-02-28', 'date', '2026-02-28'],
    ['text', '2026-02-30', 'date', undefined],
    ['text', '2026-02-28T10:00+02:00', 'instant', '2026-02-28T08:00:00.000Z'],
    ['text', '2026-02-28T10:00', 'instant', undefined],
    ['date', '2026-02-28', 'instant', undefined],
    ['instant', '2026-02-28T08:00:00.000Z', 'text', '2026-02-28T08:00:00.000Z'],
    ['instant', '2026-02-28T08:00:00.000Z', 'date', undefined],
    ['text', 'true', 'boolean', true],
    ['text', 'yes', 'boolean', undefined],
    ['text', 'gold', 'select', 'gold'],
    ['text', 'GOLD', 'select', 'gold'],
    ['text', 'lead', 'select', undefined],
    ['text', 'tin', 'multi_select', ['tin']],
    ['text', 'x', 'relation', undefined],
    ['text', '12 EUR', 'money', undefined],
    ['number', 12.5, 'text', '12.5'],
    ['number', 12, 'money', undefined],
    ['boolean', false, 'text', 'false'],
    ['select', 'tin', 'multi_select', ['tin']],
    ['multi_select', ['tin'], 'select', 'tin'],
    ['multi_select', ['tin', 'gold'], 'select', undefined],
    ['multi_select', [], 'text', undefined],
    ['money', { amount: -5, currency: 'EUR' }, 'text', '-0.05 EUR'],
    ['money', { amount: 1234, currency: 'KWD' }, 'text', '1.234 KWD'],
    ['money', { amount: 1234, currency: 'JPY' }, 'text', '1234 JPY'],
    ['money', { amount: 1234, currency: 'JPY' }, 'number', undefined],
  ])('of type %s, %j, is as %s %j', (from, value, to, converted) => {
    expect(convert(value, terms(from), terms(to))).toEqual(converted);
  });

  it.each<FieldType>(['text', 'number', 'money', 'date', 'instant', 'boolean', 'select', 'multi_select', 'relation'])(
    'of type %s is read or refused, whatever it is, and read again it is the same',
    (type) => {
      fc.assert(
        fc.property(fc.anything(), (raw) => {
          const reading = readValue(terms(type), raw);
          if ('value' in reading) expect(readValue(terms(type), reading.value)).toEqual(reading);
          else expect(reading.message).toMatch(/^must /);
        }),
      );
    },
  );

  it('keeps what it has of an option that is retired, and gets it from nobody', () => {
    const retired = terms('select', { options: OPTIONS.map((option) => ({ ...option, isRetired: true })) });
    expect(readValue(retired, 'tin', 'tin')).toEqual({ value: 'tin' });
    expect(readValue(retired, 'tin', 'gold')).toMatchObject({ code: 'unknown_option' });
    const several = { ...retired, type: 'multi_select' } as const;
    expect(readValue(several, ['tin'], ['tin', 'gold'])).toEqual({ value: ['tin'] });
    expect(readValue(several, ['tin', 'gold'], ['tin'])).toMatchObject({ code: 'unknown_option' });
  });

  it('of minus zero is zero, so that equal numbers are stored as one', () => {
    expect(Object.is((readValue(terms('number'), -0) as { value: number }).value, 0)).toBe(true);
  });
});
