import pg from 'pg';
import { FormulaFieldUnknown, FormulaInvalid } from './formula.errors.js';
import { type FormulaType, LONGEST_SQL } from './formula.policy.js';
import { FUNCTIONS, type Piece } from './formula-functions.js';
import type { Part } from './formula-syntax.js';

/** What a name in a formula stands for; undefined where it is no field that a formula can be made of. */
export type InputOf = (name: string) => Piece | undefined;

/** `sql`: one expression over `record`, a row of the table, that is stable and never fails. */
export type Compiled = { readonly type: FormulaType; readonly sql: string };

/**
 * The SQL of a formula. Nothing that somebody wrote stands in it but digits and literals that were quoted: names become what
 * `inputOf` says, operators and functions what this code says. @throws FormulaInvalid, FormulaFieldUnknown
 */
export function compileFormula(part: Part, inputOf: InputOf): Compiled {
  const { type, sql } = write(part, inputOf);
  if (sql.length > LONGEST_SQL) throw new FormulaInvalid('The formula, with those that it is made of, is too long');
  return { type, sql };
}

function write(part: Part, inputOf: InputOf): Piece {
  switch (part.kind) {
    case 'number':
      return { type: 'number', sql: `${part.digits}::numeric`, literal: part.digits };
    case 'text':
      return { type: 'text', sql: `${pg.escapeLiteral(part.text)}::text` };
    case 'boolean':
      return { type: 'boolean', sql: String(part.isTrue) };
    case 'field': {
      const input = inputOf(part.name);
      if (!input) throw new FormulaFieldUnknown(part.name);
      return input;
    }
    case 'call': {
      const written = FUNCTIONS.get(part.name);
      if (!written) throw new FormulaInvalid(`There is no function or operator ${part.name}`);
      return written(part.of.map((one) => write(one, inputOf)));
    }
  }
}

/** The names of the fields in it, each once. */
export const namesIn = (part: Part): string[] => [...new Set(walk(part))];

function walk(part: Part): string[] {
  if (part.kind === 'field') return [part.name];
  return part.kind === 'call' ? part.of.flatMap(walk) : [];
}
