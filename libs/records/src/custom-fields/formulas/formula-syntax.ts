import jsep from 'jsep';
import { FormulaInvalid } from './formula.errors.js';
import { LONGEST_FORMULA, MOST_DEPTH, MOST_PARTS } from './formula.policy.js';

/** What somebody wrote, taken apart. Numbers stay as they were written: a double would not hold them. */
export type Part =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly isTrue: boolean }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Part[] };

type Node = jsep.Expression;

const DIGITS = /^\d{1,15}(\.\d{1,12})?$/;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;

/**
 * Reads the grammar that jsep knows, which is JavaScript's of expressions, and of that what formulas are made of: operators
 * become calls by their sign. Nothing of it is ever run. @throws FormulaInvalid
 */
export function parseFormula(expression: string): Part {
  if (expression.length > LONGEST_FORMULA)
    throw new FormulaInvalid(`A formula has at most ${LONGEST_FORMULA} characters`);
  return new PartReader().read(treeOf(expression), 1);
}

function treeOf(expression: string): Node {
  try {
    return jsep(expression);
  } catch (error) {
    const { index, description } = error as { index?: number; description?: string };
    // what is nested too deep for the stack is too deep for anybody
    throw new FormulaInvalid(description ?? 'The formula cannot be read', index);
  }
}

class PartReader {
  private parts = 0;

  read(node: Node, depth: number): Part {
    this.parts += 1;
    if (this.parts > MOST_PARTS) throw new FormulaInvalid(`A formula has at most ${MOST_PARTS} parts`);
    if (depth > MOST_DEPTH) throw new FormulaInvalid(`A formula is nested at most ${MOST_DEPTH} levels deep`);
    const call = (name: string, ...of: Node[]): Part => ({ kind: 'call', name, of: this.all(of, depth) });
    switch (node.type) {
      case 'Literal':
        return literalOf(node as jsep.Literal);
      case 'Identifier':
      case 'MemberExpression':
        return { kind: 'field', name: nameOf(node) };
      case 'UnaryExpression': {
        const { operator, argument } = node as jsep.UnaryExpression;
        return call(operator === '-' ? 'minus' : operator, argument);
      }
      case 'BinaryExpression': {
        const { operator, left, right } = node as jsep.BinaryExpression;
        return call(operator, left, right);
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as jsep.ConditionalExpression;
        return call('if', test, consequent, alternate);
      }
      case 'CallExpression': {
        const { callee, arguments: given } = node as jsep.CallExpression;
        if (callee.type !== 'Identifier') throw new FormulaInvalid('Only functions are called, by their name');
        return call(nameOf(callee), ...given);
      }
      default:
        throw new FormulaInvalid('A formula is one expression of fields, numbers, texts, operators and functions');
    }
  }

  private all(nodes: readonly (Node | null)[], depth: number): Part[] {
    return nodes.map((node) => {
      if (!node) throw new FormulaInvalid('An argument is missing');
      return this.read(node, depth + 1);
    });
  }
}

function literalOf({ value, raw }: jsep.Literal): Part {
  if (typeof value === 'boolean') return { kind: 'boolean', isTrue: value };
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) throw new FormulaInvalid('A text has no NUL or lone surrogate');
    return { kind: 'text', text: value.normalize('NFC') };
  }
  if (typeof value === 'number' && DIGITS.test(raw)) return { kind: 'number', digits: raw };
  throw new FormulaInvalid(`${raw.slice(0, 40)} is no number of at most 15 digits, and 12 after the point`);
}

/** `amount`, `cf.size`, `cf.price.amount`: as lists call them. */
function nameOf(node: Node): string {
  if (node.type === 'Identifier') {
    const { name } = node as jsep.Identifier;
    if (!NAME.test(name)) throw new FormulaInvalid(`${name.slice(0, 100)} is no name of a field or a function`);
    return name;
  }
  const { object, property, computed, optional } = node as jsep.MemberExpression;
  const isPlain = ['Identifier', 'MemberExpression'].includes(object.type) && property.type === 'Identifier';
  if (computed || optional || !isPlain) throw new FormulaInvalid('Fields are called by their name, such as cf.size');
  return `${nameOf(object)}.${nameOf(property)}`;
}
