import { ensureTenant, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Database, parseListQuery, type RawQuery, runOutside } from '@app/platform';
import { anActor, bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DistributionRule } from '../distribution/distribution-rule.entity.js';
import { TeamAtWork } from '../distribution/team-at-work.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { InquiryList } from './inquiries.list.js';
import { InquiriesQueries } from './inquiries.queries.js';

const ROWS = 40_000;

describe('The list of 40,000 inquiries', () => {
  let slice: Slice;
  const boss = anActor(['inquiries:read_all']);
  const clerk = anActor(['inquiries:read_own'], { teams: [newId()] });

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    await ensureTenant(slice);
    const customerId = await slice.as(boss, () => aKnownCustomer(slice));
    await slice.superuser.query(`set session app.actor_id = '${boss.id}'; alter table inquiries disable trigger user`);
    await fillWithRows(slice.superuser, ['inquiries'], ROWS, (first, last) =>
      slice.superuser.query(
        `insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, priority, channel, created_by, message_count,
         customer_message_count, last_customer_message_at, created_at, due_at)
       select $1, gen_random_uuid(), n, $2, 'Order ' || md5(n::text), 'Where is parcel ' || md5((n * 7)::text) || '?',
         (array['new','open','pending_customer','resolved'])[1 + n % 4], 'normal', 'email', $3, 1, 1, now(),
         now() - make_interval(secs => n), now() + make_interval(secs => n)
       from generate_series($4::int, $5::int) n`,
        [TENANT, customerId, newId(), first, last],
      ),
    );
  }, 120_000);
  afterAll(() => slice.close());

  /** The plan of the statement that reads the rows, made as the application role and under the tenant's policy. */
  const planOf = (raw: RawQuery, actor = boss): Promise<string> =>
    planOfOne('explain', 'order by', actor, () =>
      slice.get(InquiriesQueries).list(parseListQuery({ count: 'none', cursor: '', ...raw }, InquiryList)),
    );

  /** Of the statement that holds `words`, among those that `work` sends. */
  async function planOfOne(
    explain: string,
    words: string,
    actor: typeof boss,
    work: () => Promise<unknown>,
  ): Promise<string> {
    const db = slice.get(Database);
    const query = vi.spyOn(db, 'query');
    try {
      return await slice.as(actor, async () => {
        await work();
        const [text, values] = query.mock.calls.find(([sql]) => sql.includes(words)) ?? [];
        const plan = await db.query<{ 'QUERY PLAN': string }>(`${explain} ${text}`, values);
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

  it('counts what each of a team has to do by an index of what is in work', async () => {
    const team = newId();
    const { userId } = await signIn(slice, { teams: [team] });
    await slice.superuser.query(
      `update inquiries set assigned_to = $1, status = case when number <= 50 then 'open' else 'closed' end where number <= 5000`,
      [userId],
    );
    await slice.superuser.query('vacuum analyze inquiries');
    const rule = DistributionRule.of(team, {
      strategy: 'least_loaded',
      capacity: null,
      needsSkill: false,
      keepsHours: false,
      members: [],
    });
    let people: unknown;
    const plan = await planOfOne('explain (analyze, timing off)', 'from unnest', boss, async () => {
      people = await slice.get(TeamAtWork).of(rule);
    });
    expect(people).toMatchObject([{ userId, open: 50 }]);
    expect(plan).toContain('using inquiries_in_work');
    expect(plan).not.toMatch(/Seq Scan on inquiries|Rows Removed by Filter: [1-9]\d/);
  });

  it('searches by an index', async () => {
    const { rows } = await slice.superuser.query<{ word: string }>('select substr(md5(12345::text), 1, 12) as word');
    const q = rows[0]!.word;
    await slice.as(boss, () =>
      slice.db.transaction(async () => {
        const found = await slice.get(InquiriesQueries).list(parseListQuery({ q }, InquiryList));
        expect(found.data).toHaveLength(1);
        const scans = await slice.db.one("select pg_stat_get_xact_numscans('inquiries_text'::regclass)::int as made");
        expect(scans).toEqual({ made: 2 }); // for the page and for its number
      }),
    );
  });

  it('finds the timers of promises that are due among those of all, by an index', async () => {
    const [due, type] = [20, 'inquiries.check-clock'];
    await slice.empty('outbox');
    await slice.superuser.query(
      `insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name, run_at)
       select tenant_id, gen_random_uuid(), 'job', $1, jsonb_build_object('clockId', id, 'at', due_at), created_by, 'system',
         case when number <= $2 then now() - interval '1 minute' else now() + interval '1 day' + make_interval(secs => number) end
       from inquiries`,
      [type, due],
    );
    await slice.superuser.query('vacuum analyze outbox');
    const routes = JSON.stringify({ [type]: [type] });
    const { rows: doors } = await slice.superuser.query<{ body: string }>(
      `select prosrc as body from pg_proc where proname = 'outbox_take'`,
    );
    const taking = doors[0]!.body.replaceAll('routes', `'${routes}'::jsonb`).replace('most', '100');
    await slice.superuser.query('begin');
    const { rows } = await slice.superuser.query<Record<string, string>>(
      `explain (analyze, timing off) ${taking.replace('lease_seconds', '60')}`,
    );
    await slice.superuser.query('rollback');
    const plan = rows.map((line) => line['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Cond: \(\(?run_at <= statement_timestamp\(\)/);
    expect(plan).not.toMatch(/Seq Scan on outbox|Rows Removed by Filter: [1-9]\d{2}/);
    const began = performance.now();
    const found = await runOutside(() => slice.db.query('select * from outbox_take($1::jsonb, 100, 60)', [routes]));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(found).toHaveLength(due);
  });
});
