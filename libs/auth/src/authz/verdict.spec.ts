import { definePermissions } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { type Facts, grantOf, refusalsOf } from './verdict.js';

const { read, make } = definePermissions('verdicts', { read: { description: 'See', scoped: true }, make: 'Make' });

const fine: Facts = {
  permission: read,
  isActive: true,
  isTenantSuspended: false,
  isForReading: true,
  restriction: null,
  isHeld: true,
};
const record = { isSeen: true, isReached: true, isReadable: true, isReadFirst: false };
const codes = (facts: Partial<Facts>): string[] => refusalsOf({ ...fine, ...facts }).map(({ code }) => code);

describe('The verdict', () => {
  it('allows what nothing stands in the way of', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ record })).toEqual([]);
  });

  it.each<[string, Partial<Facts>]>([
    ['user_deactivated', { isActive: false }],
    ['mfa_enrolment_required', { restriction: 'mfa_enrolment_required' }],
    ['session_restricted', { restriction: 'something_new' }],
    ['permission_missing', { isHeld: false }],
    ['tenant_suspended', { isTenantSuspended: true, isForReading: false }],
    ['not_found', { record: { ...record, isSeen: false, isReached: false } }],
    ['out_of_reach', { record: { ...record, isReached: false } }],
    ['not_readable', { record: { ...record, isReadable: false, isReadFirst: true } }],
  ])('says %s', (code, facts) => {
    expect(codes(facts)).toEqual([code]);
  });

  it('lets who reads go on in a suspended tenant', () => {
    expect(codes({ isTenantSuspended: true })).toEqual([]);
  });

  it('lets who may not read a record change it, where nothing asks for reading first', () => {
    expect(codes({ record: { ...record, isReadable: false } })).toEqual([]);
  });

  it('names all that stands in the way, in the order in which a request meets it', () => {
    const facts = { isActive: false, isHeld: false, record: { ...record, isReached: false } };
    expect(codes(facts)).toEqual(['user_deactivated', 'permission_missing', 'out_of_reach']);
  });
});

describe('The grant that gives a permission', () => {
  it('is the widest', () => {
    expect(grantOf(['verdicts:read_own', 'verdicts:read_team'], read)).toBe('verdicts:read_team');
    expect(grantOf(['verdicts:make'], make)).toBe('verdicts:make');
  });

  it('is none that only begins alike', () => {
    expect(grantOf(['verdicts:read', 'verdicts:make_own'], read)).toBeUndefined();
    expect(grantOf(['verdicts:make_own'], make)).toBeUndefined();
  });
});
