import { minorDigitsOf } from '@app/kernel';
import type { FieldTerms } from './field-values.js';

const AMOUNT = /^(?:([A-Z]{3})\s*)?([+-]?)(\d{1,13})(?:\.(\d{1,6}))?(?:\s*([A-Z]{3}))?$/;

/**
 * One cell of a file, as the value that a body would hold: of what one cell writes out (`12.50 EUR`, `12.50` where only one
 * currency will do, `red; blue`) and of what an export wrote there. What is nothing of that stays, to be refused.
 */
export function valueOfCell(terms: FieldTerms, cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  switch (terms.type) {
    case 'money':
      return parsed(cell, '{') ?? moneyOf(cell, terms.currency) ?? cell;
    case 'multi_select':
      return parsed(cell, '[') ?? [...new Set(cell.split(';').map((one) => one.trim()))].filter(Boolean);
    default:
      return cell;
  }
}

function parsed(cell: string, start: string): unknown {
  if (!cell.startsWith(start)) return undefined;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return undefined;
  }
}

/** In minor units. More digits than the currency has are no amount of it, whatever they are. */
function moneyOf(cell: string, only: string | null): unknown {
  const [, before, sign = '', whole = '', rest = '', after] = AMOUNT.exec(cell.trim()) ?? [];
  const currency = before ?? after ?? only;
  if (whole === '' || !currency || (before && after)) return undefined;
  const digits = digitsOf(currency);
  if (digits === undefined) return { amount: Number(whole), currency };
  const isExact = /^0*$/.test(rest.slice(digits));
  const minor = rest.slice(0, digits).padEnd(digits, '0');
  return { amount: isExact ? Number(`${sign}${whole}${minor}`) : Number.NaN, currency };
}

function digitsOf(currency: string): number | undefined {
  try {
    return minorDigitsOf(currency);
  } catch {
    return undefined; // no currency: whoever judges the value says so
  }
}
