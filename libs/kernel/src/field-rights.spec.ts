import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_LIMITS, FieldRights, type FieldRules, widestOf } from './field-rights.js';

const rules = fc.dictionary(
  fc.constantFrom('customers', 'deals'),
  fc.dictionary(fc.constantFrom('phone', 'email', 'amount'), fc.constantFrom(...FIELD_LIMITS)),
) as fc.Arbitrary<FieldRules>;
const WIDTH = { hidden: 0, read: 1, write: 2 };
const rightIn = (one: FieldRules, kind: string, field: string): keyof typeof WIDTH => one[kind]?.[field] ?? 'write';

describe('Field rights', () => {
  it('are nothing where no rule limits anything', () => {
    const nothing: (FieldRules | undefined)[] = [undefined, {}, { customers: {} }];
    expect(nothing.map((none) => FieldRights.of(none))).toEqual([undefined, undefined, undefined]);
  });

  it('hide what is hidden, and take neither that nor what is only read', () => {
    const rights = FieldRights.of({ customers: { phone: 'hidden', email: 'read' } });
    expect([...(rights?.hiddenOf('customers') ?? [])]).toEqual(['phone']);
    expect([...(rights?.fixedOf('customers') ?? [])]).toEqual(['phone', 'email']);
    expect([rights?.hiddenOf('deals').size, rights?.fixedOf('deals').size]).toEqual([0, 0]);
  });

  it('are of several roles, field by field, the widest, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(rules, { minLength: 1, maxLength: 4 }), (roles) => {
        const widest = widestOf(roles);
        expect(FieldRights.of(widestOf([...roles].reverse()))?.rules).toEqual(FieldRights.of(widest)?.rules);
        for (const kind of ['customers', 'deals'])
          for (const field of ['phone', 'email', 'amount']) {
            const most = Math.max(...roles.map((one) => WIDTH[rightIn(one, kind, field)]));
            expect(WIDTH[rightIn(widest, kind, field)]).toBe(most);
          }
      }),
    );
  });
});
