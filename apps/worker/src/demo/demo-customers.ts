import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const FIRST = [
  'Grace',
  'Alan',
  'Edsger',
  'Barbara',
  'Donald',
  'Frances',
  'Ken',
  'Radia',
  'Niklaus',
  'Adele',
  'Tony',
  'Margaret',
  'Dennis',
  'Hedy',
  'Claude',
  'Ida',
  'José',
  'Şule',
  'Zoë',
  'Jürgen',
];
const LAST = [
  'Hopper',
  'Turing',
  'Dijkstra',
  'Liskov',
  'Knuth',
  'Allen',
  'Thompson',
  'Perlman',
  'Wirth',
  'Goldberg',
  'Hoare',
  'Hamilton',
  'Ritchie',
  'Lamarr',
  'Shannon',
  'Rhodes',
  'Martí',
  'Yılmaz',
  'Aarts',
  'Müller',
];
const COMPANIES = ['Harbour Freight & Co', 'Blue Mill', 'Northwind Traders', 'Orchard Hotels', null];
const STATUSES = ['lead', 'prospect', 'customer', 'inactive', 'blocked'] as const;
const LEVELS = [null, 'bronze', 'silver', 'gold', 'platinum'] as const;

export const CUSTOMERS = 200;
/** Two records of one person, by their places in the list. */
const TWIN = { one: 2, other: 130 };
const DAY = 86_400_000;

export type Desk = {
  readonly admin: string;
  readonly manager: string;
  readonly manager2: string;
  readonly cso: string;
  readonly cso2: string;
  readonly team: string;
};

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** 200 customers in every status, the newest today; every fourth belongs to nobody yet. */
export function customerRows(tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  return Array.from({ length: CUSTOMERS }, (_, n) => {
    const who = n === TWIN.other ? TWIN.one : n;
    const firstName = at(FIRST, who);
    const lastName = at(LAST, Math.floor(who / FIRST.length) + who);
    const status = at(STATUSES, n);
    const createdAt = new Date(now.getTime() - n * DAY * 0.9 - 3 * DAY).toISOString();
    return {
      id: demoId(tenant.index, SERIES.customer, n + 1),
      first_name: firstName,
      last_name: lastName,
      company: at(COMPANIES, who),
      contact_points: contactPoints(tenant, { n, who }, firstName, lastName),
      status,
      status_reason: status === 'blocked' ? 'Chargebacks' : null,
      won_at: status === 'customer' ? createdAt : null,
      level: status === 'customer' ? at(LEVELS, n + 1) : null,
      metadata: n % 7 === 0 ? { newsletter: true } : {},
      custom_fields: status === 'customer' ? { contractNumber: `C-${1000 + n}` } : {},
      source: n % 3 === 0 ? 'email' : 'manual',
      team_id: desk.team,
      referred_by: n % 10 === 9 ? demoId(tenant.index, SERIES.customer, n) : null,
      created_by: n % 2 ? desk.cso : desk.manager,
      assigned_to: at([desk.cso, desk.cso2, desk.manager, null], n),
      version: 1,
      created_at: createdAt,
      updated_at: createdAt,
    };
  });
}

/** The pair that a search for duplicates finds among them, and that search. */
export function duplicateRows(tenant: DemoTenant): DemoRow[] {
  const [customer, other] = [TWIN.one, TWIN.other].map((n) => demoId(tenant.index, SERIES.customer, n + 1));
  const reasons = [
    { points: 45, reason: 'same_phone' },
    { points: 45, reason: 'similar_name' },
    { points: 35, reason: 'similar_company' },
  ];
  const id = demoId(tenant.index, SERIES.duplicate, 1);
  return [{ id, customer_id: customer, other_id: other, score: 100, reasons, status: 'open' }];
}

export function duplicateScanRows(tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  const id = demoId(tenant.index, SERIES.duplicateScan, 1);
  const done = {
    state: 'done',
    scanned: CUSTOMERS,
    found: 1,
    started_by: desk.manager,
    finished_at: now.toISOString(),
  };
  return [{ id, ...done, last_id: demoId(tenant.index, SERIES.customer, CUSTOMERS) }];
}

const NAMED = COMPANIES.filter((name) => name !== null);
const ROLES = ['Head of purchasing', 'Managing director', 'Assistant', 'Accounts'];

/** The companies that the customers name, by their web addresses. */
export function companyRows(tenant: DemoTenant, desk: Desk): DemoRow[] {
  return NAMED.map((name, n) => ({
    id: demoId(tenant.index, SERIES.company, n + 1),
    name,
    domain: `${name.toLowerCase().replace(/[^a-z]+/g, '-')}.example`,
    created_by: desk.manager,
  }));
}

/** Every customer who names a company belongs to it. */
export function companyContactRows(tenant: DemoTenant, desk: Desk): DemoRow[] {
  return Array.from({ length: CUSTOMERS }, (_, n) => n)
    .filter((n) => at(COMPANIES, n) !== null)
    .map((n) => ({
      id: demoId(tenant.index, SERIES.companyContact, n + 1),
      company_id: demoId(tenant.index, SERIES.company, (n % COMPANIES.length) + 1),
      customer_id: demoId(tenant.index, SERIES.customer, n + 1),
      role: at(ROLES, n),
      created_by: desk.manager,
    }));
}

function contactPoints(
  tenant: DemoTenant,
  { n, who }: { n: number; who: number },
  firstName: string,
  lastName: string,
): DemoRow[] {
  const plain = (name: string): string =>
    name
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase();
  const email = `${plain(firstName)}.${plain(lastName)}.${n + 1}@customers.example`;
  const phone = `+4930${String(5550000 + who + tenant.index * 1000)}`;
  const point = (index: number, kind: string, value: string, country: string | null): DemoRow => ({
    id: demoId(tenant.index, SERIES.contactPoint, n * 2 + index),
    kind,
    value,
    normalized: value,
    country,
    label: 'work',
    isPrimary: true,
    isVerified: n % 4 === 0,
    optedOut: false,
  });
  return [point(1, 'email', email, null), ...(n % 5 === 4 ? [] : [point(2, 'phone', phone, 'DE')])];
}
