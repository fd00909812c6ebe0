import type { AuthFacade } from '@app/auth';
import { demoId, SERIES } from './demo-ids.js';

export type DemoTenant = {
  readonly index: number;
  readonly slug: string;
  readonly title: string;
  readonly zone: string;
};
export type DemoPerson = { readonly id: string; readonly name: string; readonly email: string; readonly role: string };

export const DEMO_TENANTS: readonly DemoTenant[] = [
  { index: 1, slug: 'demo', title: 'Demo Travel', zone: 'Europe/Berlin' },
  { index: 2, slug: 'acme', title: 'Acme Tools', zone: 'America/New_York' },
];

const PEOPLE = [
  ['admin', 'Ada', 'Admin', 'Administrator'],
  ['senioradmin', 'Simon', 'Senioradmin', 'Senior Admin'],
  ['manager', 'Maria', 'Manager', 'Manager'],
  ['manager2', 'Max', 'Manager', 'Manager'],
  ['salesmanager', 'Sara', 'Salesmanager', 'Sales Manager'],
  ['cso', 'Clara', 'Officer', 'CSO'],
  ['cso2', 'Chris', 'Officer', 'CSO'],
  ['sales', 'Sven', 'Sales', 'Sales Representative'],
  ['hr', 'Hanna', 'People', 'HR'],
  ['dev', 'Dana', 'Dev', 'Dev'],
  ['srdev', 'Rosa', 'Dev', 'Senior Dev'],
] as const;

const IN_TEAM = ['manager', 'manager2', 'cso', 'cso2'];

export const peopleOf = ({ index, slug }: DemoTenant): DemoPerson[] =>
  PEOPLE.map(([name, , , role], n) => ({
    id: demoId(index, SERIES.user, n + 1),
    name,
    email: `${name}@${slug}.example`,
    role,
  }));

/** The people of a tenant with their password, the team of managers and officers, and one that is yet to be staffed. */
export async function createPeople(auth: AuthFacade, tenant: DemoTenant, password: string): Promise<void> {
  const people = peopleOf(tenant);
  for (const [n, { id, name, email, role }] of people.entries()) {
    const [, firstName = '', lastName = ''] = PEOPLE[n] ?? [];
    await auth.createUser({
      id,
      email,
      username: name,
      firstName,
      lastName,
      password,
      zone: tenant.zone,
      roles: [role],
    });
  }
  const members = people
    .filter(({ name }) => IN_TEAM.includes(name))
    .map(({ id, name }) => ({ userId: id, isLead: name === 'manager' }));
  await auth.createTeam({
    id: demoId(tenant.index, SERIES.team, 1),
    name: 'Support',
    description: 'Answers customers',
    members,
  });
  const night = { name: 'Support at night', description: 'Answers customers who are awake elsewhere', members: [] };
  const parentId = demoId(tenant.index, SERIES.team, 1);
  await auth.createTeam({ id: demoId(tenant.index, SERIES.team, 3), parentId, ...night });
  const telephone = { name: 'Telephone', description: 'Takes calls', members: [] };
  await auth.createTeam({ id: demoId(tenant.index, SERIES.team, 2), ...telephone });
}
