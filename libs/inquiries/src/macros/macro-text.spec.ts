import { describe, expect, it } from 'vitest';
import { MacroMalformed, MacroOutputTooLong, MacroVariableUnknown } from './macro.errors.js';
import { fillMacro, parseMacro, type Values } from './macro-text.js';

const VALUES: Values = {
  'customer.firstName': 'Grace',
  'customer.lastName': 'Hopper',
  'customer.name': 'Grace Hopper',
  'inquiry.number': 'INQ-000042',
  'inquiry.subject': 'Where is my order?',
  'agent.name': 'Mira',
};
const fill = (body: string, over: Partial<Values> = {}) => fillMacro(body, { ...VALUES, ...over });

describe('The text of a macro', () => {
  it('is filled with what its variables stand for', () => {
    expect(fill('Dear {{customer.firstName}}, {{ inquiry.number }} is with me.\n{{agent.name}}')).toEqual({
      text: 'Dear Grace, INQ-000042 is with me.\nMira',
      missing: [],
    });
    expect(fill('Thank you. { } }} {x}').text).toBe('Thank you. { } }} {x}');
    expect(fill('').text).toBe('');
  });

  it('names what is not known, and leaves it out', () => {
    const filled = fill('Dear {{customer.firstName}} {{customer.firstName}}.', { 'customer.firstName': null });
    expect(filled).toEqual({ text: 'Dear  .', missing: ['customer.firstName'] });
  });

  it('takes what a variable stands for as it is', () => {
    const subject = '{{customer.lastName}} $& {{constructor}}';
    expect(fill('{{inquiry.subject}}', { 'inquiry.subject': subject }).text).toBe(subject);
  });

  it.each(['customer.email', 'constructor', '__proto__', 'toString', 'customer', '', 'customer.firstName.constructor'])(
    'knows no variable %j and says so',
    (name) => {
      expect(() => parseMacro(`Dear {{${name}}}`)).toThrow(MacroVariableUnknown);
      expect(() => parseMacro(`Dear {{${name}}}`)).toThrow(expect.objectContaining({ variable: name }));
    },
  );

  it.each(['{{customer.name', '{{', 'Dear {{customer.name}'])('is not %j', (body) => {
    expect(() => parseMacro(body)).toThrow(MacroMalformed);
  });

  it('does not grow beyond what a response may be long, and is read in one pass', () => {
    const long = { 'inquiry.subject': 'x'.repeat(300) };
    expect(() => fill('{{inquiry.subject}}'.repeat(1_000), long)).toThrow(MacroOutputTooLong);
    const began = performance.now();
    expect(() => parseMacro('{{agent.name}}'.repeat(20_000) + '{{')).toThrow(MacroMalformed);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
