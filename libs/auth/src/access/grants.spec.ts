import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertCovered, covers, ExceedsOwnGrants } from './grants.js';

const scope = fc.constantFrom('own', 'team', 'all');
const rank = ['own', 'team', 'all'];

describe('A grant', () => {
  it('is covered by itself and by the wider scopes of the same permission, and by nothing else', () => {
    fc.assert(
      fc.property(scope, scope, (held, wanted) => {
        expect(covers(new Set([`customers:read_${held}`]), `customers:read_${wanted}`)).toBe(
          rank.indexOf(held) >= rank.indexOf(wanted),
        );
        expect(covers(new Set([`customers:read_${held}`]), `customers:update_${wanted}`)).toBe(false);
        expect(covers(new Set([`customers:read_${held}`]), 'customers:read')).toBe(false);
      }),
    );
  });

  it('without scopes is covered by itself alone', () => {
    expect(covers(new Set(['users:create']), 'users:create')).toBe(true);
    expect(covers(new Set(['users:create_all']), 'users:create')).toBe(false);
  });

  it('that is not held is named in the refusal', () => {
    const actor = { kind: 'user', grants: ['users:read', 'customers:read_all'] };
    expect(() => assertCovered(actor, ['customers:read_own', 'users:read'])).not.toThrow();
    expect(() => assertCovered(actor, ['users:create', 'users:read'])).toThrow(ExceedsOwnGrants);
    expect(() => assertCovered({ kind: 'system', grants: [] }, ['users:create'])).not.toThrow();
  });
});
