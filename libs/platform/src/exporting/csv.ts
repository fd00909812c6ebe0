import { FORMULA, type Plain } from './plain-values.js';

/** Text of which no spreadsheet makes a formula: what it would run is led by a mark that makes it text. */
export const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** What `harmless` was given: so what was exported is imported as it was. */
export const unmarked = (text: string): string =>
  text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text;

function cellOf(cell: Plain): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const safe = harmless(cell instanceof Date ? cell.toISOString() : cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of a CSV (RFC 4180), with its end. */
export const csvLine = (cells: readonly Plain[]): string => `${cells.map(cellOf).join(',')}\r\n`;
