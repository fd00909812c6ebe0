import { describe, expect, it } from 'vitest';
import { FactorExists, NoFactorBegun } from './mfa.errors.js';
import { TotpFactor } from './totp-factor.entity.js';

const NOW = new Date('2026-11-02T09:00:00Z');

describe('A second factor', () => {
  const begun = (): TotpFactor => TotpFactor.begin('u1', 'v1.k.one');
  const confirmed = (): TotpFactor => {
    const factor = begun();
    factor.confirm(7, NOW);
    return factor;
  };

  it('is in force once it is confirmed, with that code used up', () => {
    const factor = begun();
    expect([factor.confirmedAt, factor.lastStep]).toEqual([null, 0]);
    factor.confirm(7, NOW);
    expect([factor.confirmedAt, factor.lastStep]).toEqual([NOW, 7]);
    expect(factor.releaseEvents()).toEqual([{ type: 'users.second-factor-added', payload: { userId: 'u1' } }]);
  });

  it('can be begun again until then, and not after', () => {
    const factor = begun();
    factor.beginAgain('v1.k.two');
    expect(factor.secret).toBe('v1.k.two');
    expect(() => confirmed().beginAgain('v1.k.two')).toThrow(FactorExists);
    expect(() => confirmed().confirm(8, NOW)).toThrow(FactorExists);
  });

  it('can be removed while it is in force', () => {
    const factor = confirmed();
    factor.releaseEvents();
    factor.remove();
    expect(factor.releaseEvents()).toEqual([{ type: 'users.second-factor-removed', payload: { userId: 'u1' } }]);
    expect(() => begun().remove()).toThrow(NoFactorBegun);
  });
});
