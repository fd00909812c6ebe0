import { ensureTenant } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Database, parseListQuery, type RawQuery } from '@app/platform';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { InquiryList } from './inquiries.list.js';
import { InquiriesQueries } from './inquiries.queries.js';

const ROWS = 200_000;

describe('The list of 200,000 inquiries', () => {
  let slice: Slice;
  const boss = anActor(['inquiries:read_all']);
  const clerk = anActor(['inquiries:read_own'], { teams: [newId()] });

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    await ensureTenant(slice);
    const customerId = await slice.as(boss, () => aKnownCustomer(slice));
    await slice.superuser.query(`set session app.actor_id = '${boss.id}'; alter table inquiries disable trigger user`);
    await slice.superuser.query(
      `insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, priority, channel, created_by, message_count,
         customer_message_count, last_customer_message_at, created_at, due_at)
       select $1, gen_random_uuid(), n, $2, 'Order ' || md5(n::text), 'Where is parcel ' || md5((n * 7)::text) || '?',
         (array['new','open','pending_customer','resolved'])[1 + n % 4], 'normal', 'email', $3, 1, 1, now(),
         now() - make_interval(secs => n), now() + make_interval(secs => n)
       from generate_series(1, ${ROWS}) n`,
      [TENANT, customerId, newId()],
    );
    await slice.superuser.query('analyze inquiries');
  }, 120_000);
  afterAll(() => slice.close());

  /** The plan of the statement that reads the rows, made as the application role and under the tenant's policy. */
  async function planOf(raw: RawQuery, actor = boss): Promise<string> {
    const db = slice.get(Database);
    const query = vi.spyOn(db, 'query');
    try {
      return await slice.as(actor, async () => {
        await slice.get(InquiriesQueries).list(parseListQuery({ count: 'none', cursor: '', ...raw }, InquiryList));
        const [text, values] = query.mock.calls.find(([sql]) => sql.includes('order by')) ?? [];
        const plan = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
        return plan.map((line) => line['QUERY PLAN']).join('\n');
      });
    } finally {
      query.mockRestore();
    }
  }

  it.each<[string, RawQuery, string]>([
    ['the newest', {}, 'inquiries_by_creation'],
    ['a status', { status: 'open' }, 'inquiries_by_status'],
    ['the most urgent', { sort: 'dueAt' }, 'inquiries_by_due'],
    ['a number', { number: '777' }, 'inquiries_number_is_free'],
    ['nobody’s', { 'assignedTo[null]': 'true' }, 'inquiries_by_'],
  ])('reads %s by an index', async (_, raw, index) => {
    const plan = await planOf(raw);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan on inquiries');
  });

  it('reads one’s own by indexes', async () => {
    const plan = await planOf({}, clerk);
    expect(plan).toContain('inquiries_by_');
    expect(plan).not.toContain('Seq Scan on inquiries');
  });

  it('searches by an index', async () => {
    const search = (q: string) =>
      slice.as(boss, () => slice.get(InquiriesQueries).list(parseListQuery({ q }, InquiryList)));
    const scans = async (): Promise<number> => {
      const { rows } = await slice.superuser.query<{ idx_scan: string }>(
        `select idx_scan from pg_stat_user_indexes where indexrelname = 'inquiries_text'`,
      );
      return Number(rows[0]?.idx_scan);
    };
    const { rows } = await slice.superuser.query<{ hash: string }>('select md5(123456::text) as hash');
    const before = await scans();
    expect((await search(rows[0]!.hash.slice(0, 12))).data).toHaveLength(1);
    await expect.poll(scans, { timeout: 10_000 }).toBeGreaterThan(before);
  });
});
