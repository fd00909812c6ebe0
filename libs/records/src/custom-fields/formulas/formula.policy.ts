/** What a formula comes to; money is a number and a currency of its own. */
export const FORMULA_TYPES = ['number', 'text', 'boolean', 'date', 'instant'] as const;
export type FormulaType = (typeof FORMULA_TYPES)[number];

export const LONGEST_FORMULA = 1_000;
/** Of what is written, of one formula: each becomes a piece of SQL that is evaluated for each record. */
export const MOST_PARTS = 200;
export const MOST_DEPTH = 20;
/** Of the SQL that it comes to, with that of the formulas it is made of. */
export const LONGEST_SQL = 20_000;
/** Of one kind of record, the archived ones included. */
export const MOST_FORMULAS = 20;
