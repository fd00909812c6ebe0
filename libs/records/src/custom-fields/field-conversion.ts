import { minorDigitsOf } from '@app/kernel';
import { type FieldTerms, readValue } from './field-values.js';

type Money = { readonly amount: number; readonly currency: string };

/** A value of one type as that of another; undefined where nothing is sure to be meant by it. */
export function convert(value: unknown, from: FieldTerms, to: FieldTerms): unknown {
  if (from.type === 'multi_select' && Array.isArray(value) && to.type !== 'multi_select')
    return value.length === 1 ? convert(value[0], { ...from, type: 'select' }, to) : undefined;
  const reading = readValue(to, guess(value, to), guess(value, to));
  return 'value' in reading ? reading.value : undefined;
}

function guess(value: unknown, to: FieldTerms): unknown {
  const text = asText(value);
  switch (to.type) {
    case 'text':
      return text;
    case 'number':
      return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : undefined);
    case 'select':
      return optionOf(text, to);
    case 'multi_select':
      return Array.isArray(value) ? value : [optionOf(text, to)];
    case 'date':
    case 'instant':
    case 'relation':
      return text;
    case 'money':
      return value;
    case 'formula':
      return undefined;
  }
}

/** By its key, or by what people call it. */
const optionOf = (text: string, { options }: FieldTerms): string | undefined =>
  options.find(({ key, label }) => key === text || label.toLowerCase() === text.toLowerCase())?.key;

function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return '';
  const { amount, currency } = value as Money;
  const digits = minorDigitsOf(currency);
  const [whole, sign] = [String(Math.abs(amount)).padStart(digits + 1, '0'), amount < 0 ? '-' : ''];
  const split = whole.length - digits;
  return `${sign}${whole.slice(0, split)}${digits ? `.${whole.slice(split)}` : ''} ${currency}`;
}
