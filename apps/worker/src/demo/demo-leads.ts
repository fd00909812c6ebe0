import type { Desk } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import { type DemoTenant, peopleOf } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const HOUR = 3_600_000;

const EMPTY = {
  ...{
    subject: null,
    utm: {},
    reason: null,
    owner_id: null,
    next_action: null,
    next_action_at: null,
    deleted_at: null,
  },
  ...{ customer_id: null, company_id: null, deal_id: null, converted_at: null, duplicate_of: null, deleted_by: null },
} as const;

const PEOPLE = [
  ['Noor Haddad', 'Haddad Freight'],
  ['Ivo Marek', 'Marek Glass'],
  ['Lena Brandt', 'Brandt Events'],
  ['Tomas Vidal', 'Vidal Tours'],
  ['Aiko Sato', 'Sato Trading'],
  ['Femi Adeyemi', 'Adeyemi Textiles'],
  ['Greta Lund', 'Lund Maritime'],
  ['Pavel Novak', 'Novak Tools'],
  ['P. Novak', 'Novak Tools'],
  ['Old Wanda', 'Wanda and Sons'],
  ['Grace Hopper', 'Blue Mill'],
  ['N. Haddad', 'Haddad Freight'],
  ['Ivo M.', 'Marek Glass'],
] as const;

/** In every state; the twelfth is the first once more, and nobody has noticed. */
export function leadRows(tenant: DemoTenant, { admin, team }: Desk, now: Date): DemoRow[] {
  const { index } = tenant;
  const seller = peopleOf(tenant).find(({ name }) => name === 'sales')?.id;
  const id = (n: number): string => demoId(index, SERIES.lead, n);
  const customer = { customer_id: demoId(index, SERIES.customer, 1), deal_id: demoId(index, SERIES.deal, 1) };
  const utm = { source: 'newsletter', medium: 'email', campaign: 'spring-fair' };
  const next = {
    next_action: 'Call about the offer',
    next_action_at: new Date(now.getTime() + 24 * HOUR).toISOString(),
  };
  const states: Record<string, unknown>[] = [
    { status: 'new', subject: 'Freight to Tangier', source: 'mail' },
    { status: 'new', utm },
    { status: 'assigned', owner_id: seller, ...next },
    { status: 'contacted', owner_id: seller },
    { status: 'qualified', owner_id: seller, utm },
    { status: 'contacted', owner_id: seller },
    { status: 'disqualified', owner_id: seller, reason: 'No budget this year' },
    { status: 'new' },
    { status: 'duplicate', duplicate_of: id(1) },
    { status: 'new', deleted_at: now.toISOString(), deleted_by: admin },
    { status: 'converted', owner_id: seller, converted_at: now.toISOString(), ...customer },
    { status: 'new', email: `lead1@${tenant.slug}-leads.example` },
    { status: 'duplicate', duplicate_of: id(2) },
  ];
  return states.map((state, n) => {
    const at = new Date(now.getTime() - (n + 1) * 5 * HOUR).toISOString();
    return {
      ...{ id: id(n + 1), name: PEOPLE[n]?.[0], company: PEOPLE[n]?.[1], source: 'trade-fair' },
      ...{ email: `lead${n + 1}@${tenant.slug}-leads.example`, phone: `+4930902${index}0${String(n + 10)}` },
      ...{ team_id: team, created_by: admin, custom_fields: {}, version: 1, created_at: at, updated_at: at },
      ...EMPTY,
      ...state,
    };
  });
}

/** What the first of them wrote. */
export const leadMessageRows = ({ index, slug }: DemoTenant, now: Date): DemoRow[] => [
  {
    id: demoId(index, SERIES.lead, 1),
    lead_id: demoId(index, SERIES.lead, 1),
    mail_id: demoId(index, SERIES.lead, 1),
    author_name: 'Noor Haddad',
    author_address: `lead1@${slug}-leads.example`,
    subject: 'Freight to Tangier',
    body: 'Do you ship to Tangier every week?',
    at: new Date(now.getTime() - 5 * HOUR).toISOString(),
    created_at: now.toISOString(),
  },
];

/** One merge by hand, and one of a cleanup. */
export function leadMergeRows({ index }: DemoTenant, { admin }: Desk): DemoRow[] {
  const merge = (n: number, survivor: number, loser: number, more: object): DemoRow => ({
    ...{ id: demoId(index, SERIES.leadCleanup, n), loser_status: 'new', before: {}, after: {}, moved: {} },
    ...{ survivor_id: demoId(index, SERIES.lead, survivor), loser_id: demoId(index, SERIES.lead, loser) },
    ...{ merged_by: admin, version: 1, ...more },
  });
  const cleanup = { cleanup_id: demoId(index, SERIES.leadCleanup, 1), reasons: ['same_email'] };
  return [merge(1, 1, 9, { cleanup_id: null, reasons: ['by_hand'] }), merge(2, 2, 13, cleanup)];
}

export const leadCleanupRows = ({ index }: DemoTenant, { admin }: Desk): DemoRow[] => [
  {
    ...{ id: demoId(index, SERIES.leadCleanup, 1), keep: 'oldest', merged: 1, has_more: false, started_by: admin },
    version: 1,
  },
];

/** Whose mails begin nothing. */
export const ignoredSenderRows = ({ index }: DemoTenant, { admin }: Desk): DemoRow[] => [
  {
    ...{ id: demoId(index, SERIES.ignoredSender, 1), pattern: '*.newsletters.example', note: 'Advertisements' },
    created_by: admin,
  },
];
