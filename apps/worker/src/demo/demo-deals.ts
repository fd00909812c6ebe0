import { CUSTOMERS } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import { type DemoTenant, peopleOf } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const DAY = 86_400_000;
export const DEALS = 40;

/** As `Qualification`, `Proposal` and `Negotiation` of a new tenant, with ids that the documentation may name. */
const STAGES = [
  { name: 'Qualification', probability: 10, forecast: 'pipeline', requires: [], rot_days: 30 },
  { name: 'Proposal', probability: 40, forecast: 'best_case', requires: ['amount'], rot_days: 21 },
  { name: 'Negotiation', probability: 75, forecast: 'commit', requires: ['amount', 'expectedCloseDate'], rot_days: 14 },
] as const;
const NAMES = ['Summer camp', 'Company outing', 'Yearly contract', 'Trade fair stand', 'Charter flight'];

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);
const pipelineOf = ({ index }: DemoTenant, n = 1): string => demoId(index, SERIES.pipeline, n);

export const pipelineRows = (tenant: DemoTenant): DemoRow[] => [
  { id: pipelineOf(tenant), name: 'Sales', currency: 'EUR', is_default: true, version: 1 },
  { id: pipelineOf(tenant, 2), name: 'Partners', currency: 'EUR', is_default: false, version: 1 },
];

/** Of the partners, whose terms others approve. */
const PARTNER_STAGES = [
  { name: 'Introduced', probability: 20, forecast: 'pipeline', checklist: [], needs_approval: false },
  { name: 'Agreed', probability: 80, forecast: 'commit', checklist: ['The budget is confirmed'], needs_approval: true },
];

export const stageRows = (tenant: DemoTenant): DemoRow[] => {
  const row = (n: number, position: number, pipeline: number, stage: object): DemoRow => ({
    ...{ id: demoId(tenant.index, SERIES.stage, n), pipeline_id: pipelineOf(tenant, pipeline), position, version: 1 },
    ...{ requires: [], rot_days: null, checklist: [], needs_approval: false },
    ...stage,
  });
  return [
    ...STAGES.map((stage, n) => row(n + 1, n + 1, 1, stage)),
    ...PARTNER_STAGES.map((stage, n) => row(STAGES.length + n + 1, n + 1, 2, stage)),
  ];
};

/** All of them open; the first two are one deal that was begun twice, the last but one is in the trash. */
export function dealRows(tenant: DemoTenant, now: Date): DemoRow[] {
  const seller = peopleOf(tenant).find(({ name }) => name === 'sales')?.id;
  return Array.from({ length: DEALS }, (_, n) => {
    const stage = at(STAGES, n);
    const begun = new Date(now.getTime() - (n + 1) * DAY);
    const customer = n < 2 ? 1 : (n % CUSTOMERS) + 1;
    return {
      id: demoId(tenant.index, SERIES.deal, n + 1),
      name: n < 2 ? NAMES[0] : at(NAMES, n),
      pipeline_id: pipelineOf(tenant),
      stage_id: demoId(tenant.index, SERIES.stage, (n % STAGES.length) + 1),
      rank: `i${String(n).padStart(7, '0')}`,
      status: 'open',
      amount: n === 1 ? 96_000 : 100_000 + n * 25_000,
      item_count: n === 1 ? 1 : 0,
      currency: n % 8 === 7 ? 'USD' : 'EUR',
      probability: stage.probability,
      expected_close_date: dayOf(new Date(now.getTime() + (n - 10) * 3 * DAY)),
      custom_fields: n % 3 === 2 ? { renewal: dayOf(new Date(now.getTime() + (n + 90) * DAY)) } : {},
      customer_id: demoId(tenant.index, SERIES.customer, customer),
      company_id: n === 0 ? demoId(tenant.index, SERIES.company, 1) : null,
      owner_id: seller,
      created_by: seller,
      deleted_at: n === DEALS - 2 ? now.toISOString() : null,
      deleted_by: n === DEALS - 2 ? seller : null,
      stage_entered_at: begun.toISOString(),
      rots_at: new Date(begun.getTime() + stage.rot_days * DAY).toISOString(),
      version: 1,
      created_at: begun.toISOString(),
      updated_at: begun.toISOString(),
    };
  });
}

/** What the second deal is made of, and worth. */
export const itemRows = ({ index }: DemoTenant): DemoRow[] => [
  {
    id: demoId(index, SERIES.dealItem, 1),
    deal_id: demoId(index, SERIES.deal, 2),
    position: 1,
    product_id: demoId(index, SERIES.product, 2),
    name: 'Guide for a day',
    quantity: '3',
    unit_amount: 32_000,
    discount_percent: '0',
    tax_rate: '19',
    billing: 'once',
    net_amount: 96_000,
    tax_amount: 18_240,
    version: 1,
  },
];

/** Who plays a part in the first deal, beside its customer. */
export const dealContactRows = ({ index }: DemoTenant): DemoRow[] =>
  ['Signs the contract', 'Uses it'].map((role, n) => ({
    id: demoId(index, SERIES.dealContact, n + 1),
    deal_id: demoId(index, SERIES.deal, 1),
    customer_id: demoId(index, SERIES.customer, n + 2),
    role,
    created_by: demoId(index, SERIES.user, 1),
    version: 1,
  }));

/** As the forecast stood yesterday. */
export const snapshotRows = (tenant: DemoTenant, now: Date): DemoRow[] => [
  {
    id: demoId(tenant.index, SERIES.forecastSnapshot, 1),
    day: dayOf(new Date(now.getTime() - DAY)),
    month: dayOf(now).slice(0, 7),
    pipeline_id: pipelineOf(tenant),
    owner_id: peopleOf(tenant).find(({ name }) => name === 'sales')?.id,
    currency: 'EUR',
    ...{ won: 225_000, commit: 700_000, best_case: 1_125_000, pipeline: 1_500_000, weighted: 788_750 },
    deals: 9,
  },
];

/** Every fifth is won, every seventh lost. */
export const END_DEALS = `update deals d set status = case when e.n % 5 = 0 then 'won' else 'lost' end,
    probability = case when e.n % 5 = 0 then 100 else 0 end, lost_reason = case when e.n % 5 = 0 then null else 'Chose a cheaper offer' end,
    closed_at = $1::timestamptz - make_interval(days => e.n), rots_at = null, version = 2
  from (select id, row_number() over (order by id)::int as n from deals where tenant_id = app_tenant()) e
  where d.tenant_id = app_tenant() and d.id = e.id and (e.n % 5 = 0 or e.n % 7 = 0)`;

export const rateRows = (tenant: DemoTenant, now: Date): DemoRow[] => [
  {
    id: demoId(tenant.index, SERIES.exchangeRate, 1),
    base: 'EUR',
    currency: 'USD',
    day: dayOf(new Date(now.getTime() - 90 * DAY)),
    rate: '0.86',
    minor_rate: '0.86',
    created_by: demoId(tenant.index, SERIES.user, 1),
    created_at: now.toISOString(),
  },
];
