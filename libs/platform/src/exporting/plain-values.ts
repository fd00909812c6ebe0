/** What a spreadsheet would run, in full-width letters too (OWASP, CSV injection). */
export const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A value that no cell holds as it is, as text. */
export const plain = (value: unknown): Plain =>
  typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : (value as Plain);

export type Plain = string | number | boolean | Date | null | undefined;
