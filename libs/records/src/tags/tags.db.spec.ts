import { type SignedIn, signIn } from '@app/auth/testing';
import { customersContexts } from '@app/customers/testing';
import { newId } from '@app/kernel';
import { bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const ROWS = 40_000;

describe('The tags of 40,000 customers', () => {
  let slice: Slice;
  const [rare, common] = [newId(), newId()];
  let boss: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: ['tags:read', 'customers:read_all'] });
    const { superuser } = slice;
    await superuser.query(`set session app.actor_id = '${boss.userId}'`);
    for (const table of ['customers', 'record_tags'])
      await superuser.query(`alter table ${table} disable trigger user`);
    await superuser.query(
      'insert into tags (tenant_id, id, name, created_by) select $1, id, id, $2 from unnest($3::uuid[]) id',
      [TENANT, boss.userId, [rare, common]],
    );
    await fillWithRows(superuser, ['customers', 'record_tags'], ROWS, async (first, last) => {
      const { rows } = await superuser.query<{ id: string }>(
        `insert into customers (tenant_id, id, first_name, last_name, status, source, created_by, created_at)
         select $1, gen_random_uuid(), 'N', md5(n::text), 'lead', 'test', $2, now() - make_interval(secs => n)
         from generate_series($3::int, $4::int) n returning id`,
        [TENANT, boss.userId, first, last],
      );
      await superuser.query(
        `insert into record_tags (tenant_id, id, tag_id, record_kind, record_id, created_by)
         select $1, gen_random_uuid(), t, 'customers', c.id, $2
         from unnest($3::uuid[]) with ordinality c(id, n), unnest(array[$4, $5]::uuid[]) t where t = $5 or c.n % 1000 = 0`,
        [TENANT, boss.userId, rows.map(({ id }) => id), rare, common],
      );
    });
  }, 120_000);
  afterAll(() => slice.close());

  /** How many rows a list answers, and the plan of the statement that read them, as the application role. */
  async function explained(path: string): Promise<{ plan: string; found: number }> {
    const query = vi.spyOn(slice.db, 'query');
    try {
      const { body } = await slice.http('GET', `/api/v1/${path}&count=none&limit=100`, { token: boss.token });
      const [text, values] = query.mock.calls.find(([sql]) => sql.includes('order by')) ?? [];
      const lines = await slice.as(boss.actor, () =>
        slice.db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values),
      );
      return { plan: lines.map((line) => line['QUERY PLAN']).join('\n'), found: body.data.length };
    } finally {
      query.mockRestore();
    }
  }

  it.each<[string, string, number]>([
    ['a rare tag', rare, 40],
    ['one that all have', common, 100],
    ['one that none has', newId(), 0],
  ])('filter customers by %s by indexes', async (_, tag, most) => {
    const { plan, found } = await explained(`customers?tag=${tag}`);
    expect(found).toBe(most);
    expect(plan).toMatch(/record_tags_of_tag|record_tags_once/);
    expect(plan).not.toMatch(/Seq Scan on (customers|record_tags)/);
  });

  it.each<[string, string, string]>([
    ['of a page of records', `recordId=${newId()},${newId()}`, 'record_tags_once'],
    ['of a tag', `tagId=${rare}`, 'record_tags_of_tag'],
    ['put on last', 'sort=-createdAt', 'record_tags_by_time'],
  ])('are listed %s by an index', async (_, filter, index) => {
    const { plan } = await explained(`tags/records?${filter}`);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan on record_tags');
  });
});
