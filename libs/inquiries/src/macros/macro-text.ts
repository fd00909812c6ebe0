import { MacroMalformed, MacroOutputTooLong, MacroVariableUnknown } from './macro.errors.js';

export const MACRO_VARIABLES = [
  'customer.firstName',
  'customer.lastName',
  'customer.name',
  'inquiry.number',
  'inquiry.subject',
  'agent.name',
] as const;
export type MacroVariable = (typeof MACRO_VARIABLES)[number];

/** What a response may be long. */
export const LONGEST_OUTPUT = 100_000;

type Part = { readonly text: string } | { readonly variable: MacroVariable };
export type Values = Readonly<Record<MacroVariable, string | null>>;
export type Filled = { readonly text: string; readonly missing: readonly MacroVariable[] };

const KNOWN: ReadonlySet<string> = new Set(MACRO_VARIABLES);
const isVariable = (name: string): name is MacroVariable => KNOWN.has(name);

/**
 * Reads a text with `{{variables}}` once from the left. Nothing of it is ever run: a variable is one of a fixed list, and
 * what it stands for is not read again. @throws MacroMalformed, MacroVariableUnknown
 */
export function parseMacro(body: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (let opens = body.indexOf('{{'); opens >= 0; opens = body.indexOf('{{', at)) {
    const closes = body.indexOf('}}', opens);
    if (closes < 0) throw new MacroMalformed(opens);
    const name = body.slice(opens + 2, closes).trim();
    if (!isVariable(name)) throw new MacroVariableUnknown(name.slice(0, 100), MACRO_VARIABLES);
    parts.push({ text: body.slice(at, opens) }, { variable: name });
    at = closes + 2;
  }
  return [...parts, { text: body.slice(at) }];
}

/** What is not known is left out, and named. @throws MacroMalformed, MacroVariableUnknown, MacroOutputTooLong */
export function fillMacro(body: string, values: Values): Filled {
  const missing = new Set<MacroVariable>();
  let text = '';
  for (const part of parseMacro(body)) {
    const value = 'text' in part ? part.text : values[part.variable];
    if (!value && 'variable' in part) missing.add(part.variable);
    text += value ?? '';
    if (text.length > LONGEST_OUTPUT) throw new MacroOutputTooLong(LONGEST_OUTPUT);
  }
  return { text, missing: [...missing] };
}
