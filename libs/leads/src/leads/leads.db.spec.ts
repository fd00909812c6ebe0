import { ensureTenant } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Database, parseListQuery, type RawQuery } from '@app/platform';
import { anActor, bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { leadsContexts } from '../testing.js';
import { LeadList } from './leads.list.js';
import { LeadsQueries } from './leads.queries.js';
import { LeadsTimeline } from './leads.timeline.js';

const ROWS = 40_000;

describe('The list of 40,000 leads', () => {
  let slice: Slice;
  const boss = anActor(['leads:read_all']);
  const clerk = anActor(['leads:read_own'], { teams: [newId()] });
  const leader = anActor(['leads:read_team'], { teams: [newId()] });

  beforeAll(async () => {
    slice = await bootSlice({ contexts: leadsContexts });
    await ensureTenant(slice);
    await slice.superuser.query(`set session app.actor_id = '${boss.id}'; alter table leads disable trigger user`);
    await fillWithRows(slice.superuser, ['leads', 'lead_messages'], ROWS, (first, last) =>
      slice.superuser.query(
        `with begun as (insert into leads (tenant_id, id, name, email, phone, source, status, reason, next_action, next_action_at,
           created_by, created_at)
         select $1, gen_random_uuid(), 'Lead ' || md5(n::text), md5(n::text) || '@x.example', '+4930' || n, 'web',
           case n % 4 when 0 then 'new' else 'disqualified' end, case n % 4 when 0 then null else 'No' end,
           case n % 9 when 0 then 'Call' end, case n % 9 when 0 then now() + make_interval(mins => n) end, $2,
           now() - make_interval(secs => n)
         from generate_series($3::int, $4::int) n returning *)
         insert into lead_messages (tenant_id, id, lead_id, mail_id, body, at)
         select tenant_id, gen_random_uuid(), id, gen_random_uuid(), name, created_at from begun`,
        [TENANT, newId(), first, last],
      ),
    );
  }, 120_000);
  afterAll(() => slice?.close());

  /** The plans of the statements that read leads, made as the application role and under the tenant's policy. */
  async function plansOf(ask: () => Promise<unknown>, actor = boss): Promise<string> {
    const db = slice.get(Database);
    const query = vi.spyOn(db, 'query');
    try {
      return await slice.as(actor, async () => {
        await ask();
        const asked = query.mock.calls.filter(([sql]) => sql.includes('leads l'));
        expect(asked.length).toBeGreaterThan(0);
        const plans: string[] = [];
        for (const [text, values] of asked) {
          const plan = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
          plans.push(...plan.map((line) => line['QUERY PLAN']));
        }
        return plans.join('\n');
      });
    } finally {
      query.mockRestore();
    }
  }

  const list = (raw: RawQuery) => () =>
    slice.get(LeadsQueries).list(parseListQuery({ count: 'none', cursor: '', ...raw }, LeadList));

  it.each<[string, RawQuery, string]>([
    ['the newest', {}, 'leads_by_creation'],
    ['a status', { status: 'converted' }, 'leads_by_status'],
    ['a source', { source: 'mail' }, 'leads_by_source'],
    ['an address', { email: 'noor@haddad.example' }, 'leads_by_email'],
    ['a number', { phone: '+4930901820' }, 'leads_by_phone'],
    ['a customer', { customerId: newId() }, 'leads_of_customer'],
    ['the next to be done', { sort: 'nextActionAt' }, 'leads_by_next_action'],
    ['the last converted', { sort: '-convertedAt' }, 'leads_by_conversion'],
    ['nobody’s', { 'ownerId[null]': 'true' }, 'leads_by_'],
  ])('reads %s by an index', async (_, raw, index) => {
    const plan = await plansOf(list(raw));
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan on leads');
  });

  it.each([
    ['one’s own', clerk],
    ['a team’s', leader],
  ])('reads %s by indexes', async (_, actor) => {
    expect(await plansOf(list({}), actor)).not.toContain('Seq Scan on leads');
  });

  it('searches by an index', async () => {
    const { rows } = await slice.superuser.query<{ word: string }>('select substr(md5(12345::text), 1, 12) as word');
    await slice.as(boss, () =>
      slice.db.transaction(async () => {
        const found = await slice.get(LeadsQueries).list(parseListQuery({ q: rows[0]!.word }, LeadList));
        expect(found.data).toHaveLength(1);
        const scans = await slice.db.one("select pg_stat_get_xact_numscans('leads_text'::regclass)::int as made");
        expect(scans).toEqual({ made: 2 }); // for the page and for its number
      }),
    );
  });

  it('tells a customer’s timeline by indexes', async () => {
    const plan = await plansOf(() => slice.get(LeadsTimeline).entries(newId(), boss, 20, undefined));
    expect(plan).toContain('leads_of_customer');
    expect(plan).not.toMatch(/Seq Scan on lead(s|_messages)/);
  });
});
