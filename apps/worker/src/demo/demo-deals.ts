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
const pipelineOf = ({ index }: DemoTenant): string => demoId(index, SERIES.pipeline, 1);

export const pipelineRows = (tenant: DemoTenant): DemoRow[] => [
  { id: pipelineOf(tenant), name: 'Sales', currency: 'EUR', is_default: true, version: 1 },
];

export const stageRows = (tenant: DemoTenant): DemoRow[] =>
  STAGES.map((stage, n) => ({
    id: demoId(tenant.index, SERIES.stage, n + 1),
    pipeline_id: pipelineOf(tenant),
    position: n + 1,
    ...stage,
    version: 1,
  }));

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
