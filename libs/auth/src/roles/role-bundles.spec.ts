import { describe, expect, it } from 'vitest';
import { covers } from '../access/grants.js';
import { ADMINISTERING } from '../users/user.policy.js';
import { grantsOfBundle, ROLE_BUNDLES } from './role-bundles.js';

const EVERYTHING = ['audit:read', 'customers:read_all', 'responses:create', ...ADMINISTERING];
const grantsOf = (name: string): Set<string> =>
  new Set(
    grantsOfBundle(
      ROLE_BUNDLES.find((bundle) => bundle.name === name)!,
      EVERYTHING,
    ),
  );

describe('The seeded roles', () => {
  it('are those of the source systems', () => {
    const names = [
      'CSO',
      'Sales Representative',
      'Sales Manager',
      'Manager',
      'Administrator',
      'Senior Admin',
      'Dev',
      'Senior Dev',
      'HR',
    ];
    expect(ROLE_BUNDLES.map(({ name }) => name)).toEqual(names);
  });

  it('have well-formed grants, each once', () => {
    for (const bundle of ROLE_BUNDLES) {
      const written = 'grants' in bundle ? bundle.grants : [];
      expect(written.filter((grant) => !/^[a-z-]+:[a-z-]+(_own|_team|_all)?$/.test(grant))).toEqual([]);
      expect(written.filter((grant, index) => written.indexOf(grant) !== index)).toEqual([]);
    }
  });

  // customers, inquiries, responses and approval, as Customer Nexus Hub's matrix has them
  it.each([
    ['CSO', 'customers:read_own', true],
    ['CSO', 'customers:read_all', false],
    ['CSO', 'inquiries:read_all', true],
    ['CSO', 'inquiries:update_all', true],
    ['CSO', 'responses:create', true],
    ['CSO', 'approvals:decide_own', false],
    ['Manager', 'customers:read_all', true],
    ['Manager', 'inquiries:read_all', true],
    ['Manager', 'responses:read_all', true],
    ['Manager', 'approvals:decide_all', true],
    ['Manager', 'roles:manage', false],
    ['Administrator', 'customers:read_own', true],
    ['Administrator', 'roles:manage', true],
  ])('%s: %s is %s', (role, grant, isHeld) => {
    expect(covers(grantsOf(role), grant)).toBe(isHeld);
  });

  it('give everything there is to administrators and senior administrators', () => {
    expect(grantsOf('Administrator')).toEqual(new Set(EVERYTHING));
    expect(grantsOf('Senior Admin')).toEqual(new Set(EVERYTHING));
  });

  it('let HR bring people in but not hand out rights', () => {
    expect(covers(grantsOf('HR'), 'users:create')).toBe(true);
    expect(covers(grantsOf('HR'), 'roles:manage')).toBe(false);
    expect([...grantsOf('HR')].filter((grant) => grant.startsWith('customers:'))).toEqual([]);
  });
});
