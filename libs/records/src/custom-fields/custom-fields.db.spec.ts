import { type SignedIn, signIn } from '@app/auth/testing';
import { customersContexts } from '@app/customers/testing';
import { bootSlice, fillWithRows, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const ROWS = 40_000;

describe('The custom fields of 40,000 customers', () => {
  let slice: Slice;
  let worker: Slice;
  let boss: SignedIn;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: ['custom-fields:read', 'custom-fields:manage', 'customers:read_all'] });
    const { superuser } = slice;
    await superuser.query(`set session app.actor_id = '${boss.userId}'`);
    await superuser.query('alter table customers disable trigger user');
    await fillWithRows(superuser, ['customers'], ROWS, async (first, last) => {
      await superuser.query(
        `insert into customers (tenant_id, id, first_name, last_name, status, source, created_by, created_at, custom_fields)
         select $1, gen_random_uuid(), 'N', md5(n::text), 'lead', 'test', $2, now() - make_interval(secs => n),
           jsonb_build_object('contract', 'C-' || n, 'score', n, 'since', date '2020-01-01' + n % 2000,
             'calledAt', to_char(timestamp '2020-01-01' + make_interval(hours => n), 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'))
         from generate_series($3::int, $4::int) n`,
        [TENANT, boss.userId, first, last],
      );
    });
    await superuser.query('analyze customers');
    for (const [key, type] of [
      ['contract', 'text'],
      ['score', 'number'],
      ['since', 'date'],
      ['calledAt', 'instant'],
    ] as const) {
      const body = { recordKind: 'customers', key, label: key, type, isIndexed: true };
      ids.set(key, (await call('POST', 'custom-fields', body)).body.id);
    }
    worker = await bootSlice({ contexts: customersContexts, app: 'worker', beside: slice });
    await worker.settled(60_000);
  }, 120_000);
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    slice.http(method, `/api/v1/${path}`, { token: boss.token, body });
  const indexesOf = async (key: string): Promise<{ name: string; def: string; owner: string }[]> =>
    (
      await slice.superuser.query(
        `select c.relname as name, pg_get_indexdef(c.oid) as def, pg_get_userbyid(c.relowner) as owner
         from pg_class c join pg_index i on i.indexrelid = c.oid and i.indisvalid where c.relname like $1`,
        [`cf\\_${ids.get(key)!.replaceAll('-', '')}\\_%`],
      )
    ).rows;

  it('are indexed by a job, each for its tenant alone, by the owner of the table', async () => {
    expect((await call('GET', `custom-fields/${ids.get('contract')}`)).body).toMatchObject({
      isIndexed: true,
      indexState: 'ready',
    });
    const [index] = await indexesOf('contract');
    expect(index!.owner).toBe('nexus_owner');
    expect(index!.def).toContain(`(((custom_fields ->> 'contract'::text)), id) WHERE (tenant_id = '${TENANT}'::uuid)`);
  });

  it('are indexed one after the other: none of the jobs is ended by another and has to be tried again', async () => {
    const { rows } = await slice.superuser.query(
      "select attempts from deliveries where listener = 'custom-fields.keep-index'",
    );
    expect(rows).toEqual([{ attempts: 1 }, { attempts: 1 }, { attempts: 1 }, { attempts: 1 }]);
  });

  it.each<[string, string, number]>([
    ['cf.contract=C-77', 'contract', 1],
    ['cf.contract[in]=C-77,C-78,nobody', 'contract', 2],
    ['cf.score=4711', 'score', 1],
    ['cf.score[gt]=39990', 'score', 10],
    ['cf.calledAt=2024-07-24T06:00:00.000Z', 'calledAt', 1],
    ['cf.since=2020-01-02&cf.score[lt]=5000', 'since', 3],
  ])('are found by their index under the policy of the tenant: %s', async (query, key, found) => {
    const spy = vi.spyOn(slice.db, 'query');
    const { body } = await call('GET', `customers?count=none&limit=100&${query}`);
    const [text, values] = spy.mock.calls.find(([sql]) => sql.includes('order by c.created_at')) ?? [];
    spy.mockRestore();
    expect(body.data).toHaveLength(found);
    const outer = await slice.as(boss.actor, () => slice.db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values));
    expect(outer.map((line) => line['QUERY PLAN']).join('\n')).not.toContain('Seq Scan on customers');
    expect(await insideOf(query.startsWith('cf.since') ? 'cf.since=2020-01-02' : query)).toContain(
      `cf_${ids.get(key)!.replaceAll('-', '')}_`,
    );
  });

  /** The plans inside of the door, told by the server as notices. */
  async function insideOf(query: string): Promise<string> {
    const [, key, sign, value] = /^cf\.(\w+)(=|\[in\]=|\[gt\]=)(.*)$/.exec(query) ?? [];
    const plans: string[] = [];
    const hear = (notice: { message?: string }): void => void plans.push(notice.message ?? '');
    const { superuser } = slice;
    superuser.on('notice', hear);
    await superuser.query(`load 'auto_explain'`);
    await superuser.query(
      `set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = 'notice'; set client_min_messages = 'notice'`,
    );
    await superuser.query(`select set_config('app.tenant_id', $1, false)`, [TENANT]);
    await superuser.query('select custom_field_rows($1, $2, $3, $4)', [
      'customers',
      key,
      sign === '[gt]=' ? '>' : '=',
      value!.split(','),
    ]);
    await superuser.query('reset auto_explain.log_min_duration');
    superuser.off('notice', hear);
    return plans.join('\n');
  }

  it('of another tenant are found by no such door', async () => {
    const foreigner = await signIn(slice, { grants: ['customers:read_all'], tenantId: OTHER_TENANT });
    const rows = await slice.as(foreigner.actor, () =>
      slice.db.query(`select custom_field_rows('customers', 'contract', '=', array['C-77'])`),
    );
    expect(rows).toEqual([]);
    const forged = await slice.as(boss.actor, () =>
      slice.db.query(`select custom_field_rows('customers', 'contract', 'is not null or ''x'' =', array['C-77'])`),
    );
    expect(forged).toEqual([]);
  });

  it('lose their index when it is switched off, when they are archived, and change it with their type', async () => {
    await call('PATCH', `custom-fields/${ids.get('score')}`, { isIndexed: false });
    await call('DELETE', `custom-fields/${ids.get('since')}`);
    await worker.settled(60_000);
    expect(await indexesOf('score')).toEqual([]);
    expect(await indexesOf('since')).toEqual([]);
    expect((await call('GET', `custom-fields/${ids.get('score')}`)).body).toMatchObject({
      isIndexed: false,
      indexState: 'none',
    });
    expect((await call('GET', 'customers?count=none&cf.score=4711')).body.data).toHaveLength(1);
    await call('POST', `custom-fields/${ids.get('since')}/restore`);
    await worker.settled(60_000);
    expect(await indexesOf('since')).toHaveLength(1);
  });
});
