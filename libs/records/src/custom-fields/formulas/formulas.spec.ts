import { DomainError } from '@app/kernel';
import { defineFields } from '@app/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldType } from '../custom-field.policy.js';
import { computeAll, type FormulaField } from './formulas.js';

const BUILT_IN = defineFields({
  id: { type: 'id', column: 'd.id' },
  amount: { type: 'integer', column: 'd.amount', nullable: true },
  name: { type: 'text', column: 'd.name' },
  status: { type: 'enum', column: 'd.status', values: ['open'] },
  isLate: { type: 'boolean', column: 'd.is_late' },
  closesOn: { type: 'date', column: 'd.closes_on', nullable: true },
  createdAt: { type: 'instant', column: 'd.created_at' },
  tag: { type: 'id', column: 't.tag_id', among: 'tags t where true' },
  lateFor: { type: 'integer', column: 'extract(day from now() - d.due_at)' },
});

const field = (key: string, type: FieldType, over: Partial<FormulaField> = {}): FormulaField => ({
  ...{ key, type, expression: null, isPersonal: false },
  ...over,
});
const formula = (key: string, expression: string): FormulaField => field(key, 'formula', { expression });
const OTHERS = [
  field('size', 'number'),
  field('note', 'text', { isPersonal: true }),
  field('region', 'select'),
  field('regions', 'multi_select'),
  field('price', 'money'),
  field('since', 'date'),
  field('calledAt', 'instant'),
  field('isVip', 'boolean'),
  field('partner', 'relation'),
];
const computed = (expression: string, ...more: FormulaField[]) =>
  computeAll([...OTHERS, ...more, formula('f', expression)], BUILT_IN, 'f').get('f')!;
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code;
  }
};

describe('A formula', () => {
  it.each([
    ['amount * cf.size', 'number', ['amount', 'cf.size']],
    ['-amount + 1.50 / (cf.price.amount - 2)', 'number', ['amount', 'cf.price']],
    ['if(amount >= 100 && !cf.isVip, "large", status)', 'text', ['amount', 'cf.isVip', 'status']],
    ['amount > 5 ? cf.since : closesOn', 'date', ['amount', 'cf.since', 'closesOn']],
    ['days_between(cf.since, closesOn) > 30 || isLate == true', 'boolean', ['cf.since', 'closesOn', 'isLate']],
    ['max(createdAt, cf.calledAt)', 'instant', ['cf.calledAt', 'createdAt']],
    ['coalesce(min(cf.size, amount), round(1.25, 1))', 'number', ['amount', 'cf.size']],
    [
      "concat(name, ' / ', cf.region, 1, true, closesOn, createdAt)",
      'text',
      ['cf.region', 'closesOn', 'createdAt', 'name'],
    ],
    ['cf.price.currency != "EUR"', 'boolean', ['cf.price']],
  ])('%s is a %s', (expression, resultType, inputs) => {
    expect(computed(expression)).toMatchObject({ resultType, inputs, isPersonal: false });
  });

  it.each([
    ['amount +', 'formula_invalid'],
    ['', 'formula_invalid'],
    ['amount; name', 'formula_invalid'],
    ['amount, name', 'formula_invalid'],
    ['amount + name', 'formula_invalid'],
    ['name < "b"', 'formula_invalid'],
    ['amount == name', 'formula_invalid'],
    ['if(amount, 1, 2)', 'formula_invalid'],
    ['if(isLate, 1, "a")', 'formula_invalid'],
    ['round(amount, cf.size)', 'formula_invalid'],
    ['round(amount, 13)', 'formula_invalid'],
    ['round()', 'formula_invalid'],
    ['min(amount)', 'formula_invalid'],
    ['today()', 'formula_invalid'],
    ['constructor()', 'formula_invalid'],
    ['name.toString()', 'formula_invalid'],
    ['this', 'formula_invalid'],
    ['null', 'formula_invalid'],
    ['[1]', 'formula_invalid'],
    ['cf["size"]', 'formula_invalid'],
    ['amount % 2', 'formula_invalid'],
    ['amount === 2', 'formula_invalid'],
    ['1e3', 'formula_invalid'],
    ['0x10', 'formula_invalid'],
    ['1234567890123456', 'formula_invalid'],
    ['"\0"', 'formula_invalid'],
    ['"\ud800"', 'formula_invalid'],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, 'none'],
    [`${'-'.repeat(30)}1`, 'formula_invalid'],
    [Array(150).fill('1').join('+'), 'formula_invalid'],
    ['1'.padEnd(1001), 'formula_invalid'],
    ['nothing', 'formula_field_unknown'],
    ['__proto__', 'formula_invalid'],
    ['constructor', 'formula_field_unknown'],
    ['id', 'formula_field_unknown'],
    ['tag', 'formula_field_unknown'],
    ['lateFor', 'formula_field_unknown'],
    ['cf.nothing', 'formula_field_unknown'],
    ['cf.price', 'formula_field_unknown'],
    ['cf.size.amount', 'formula_field_unknown'],
    ['cf.regions', 'formula_field_unknown'],
    ['cf.partner', 'formula_field_unknown'],
    ['cf.f', 'formula_cycle'],
  ])('%s is refused: %s', (expression, code) => {
    expect(codeOf(() => computed(expression))).toBe(code);
  });

  it('says where it cannot be read, and which field there is not', () => {
    expect(() => computed('amount * (cf.size')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ index: expect.any(Number) }) }),
    );
    expect(() => computed('1 + cf.nothing')).toThrow(/cf\.nothing/);
  });

  it('may be made of others, whose inputs are its own, and is personal where one of them is', () => {
    const of = computed('cf.g + 1', formula('g', 'cf.h * 2'), formula('h', 'if(cf.note == "x", amount, 0)'));
    expect(of).toMatchObject({ inputs: ['amount', 'cf.g', 'cf.h', 'cf.note'], isPersonal: true, resultType: 'number' });
  });

  it('is not made of itself, over however many others', () => {
    const work = () => computed('cf.g', formula('g', 'cf.h'), formula('h', 'cf.f'));
    expect(codeOf(work)).toBe('formula_cycle');
    expect(work).toThrow(/f → g → h → f/);
  });

  it('does not grow beyond its bound by way of others', () => {
    const doubling = Array.from({ length: 15 }, (_, at) => formula(`g${at + 1}`, `cf.g${at} + cf.g${at}`));
    expect(codeOf(() => computed('cf.g15', formula('g0', 'amount'), ...doubling))).toBe('formula_invalid');
  });

  it('tells of another that could not be any more', () => {
    const others = [...OTHERS, formula('g', 'cf.f + 1')];
    const work = () => computeAll([...others, formula('f', '"text"')], BUILT_IN, 'f');
    expect(codeOf(work)).toBe('field_in_formula');
    expect(work).toThrow(/formulas g:/);
  });

  it('holds nothing of what was written but quoted text and digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const expression = `concat(name, ${JSON.stringify(text)})`;
        if (codeOf(() => computed(expression)) !== 'none') return;
        const { compiled } = computed(expression);
        const outside = compiled.replaceAll(/ E?'(?:[^'\\]|''|\\\\)*'::text/g, ' §');
        expect(outside).toBe('formula_text(record."name"::text || §)');
      }),
    );
  });

  it('is read or refused, whatever it is', () => {
    const words = fc.constantFrom(
      ...[
        'amount',
        'cf.size',
        'name',
        '"a"',
        '1',
        '(',
        ')',
        '+',
        '-',
        '*',
        '/',
        ',',
        '?',
        ':',
        '.',
        'if(',
        'min(',
        '==',
        '&&',
        '!',
        ' ',
        '[',
        "'",
        '\\',
        '`',
        '#',
        '{',
        '$1',
        'cf.',
      ],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 25 }), (some) => void codeOf(() => computed(some.join('')))),
      {
        numRuns: 500,
      },
    );
  });
});
