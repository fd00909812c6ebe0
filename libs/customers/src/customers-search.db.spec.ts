import { newId } from '@app/kernel';
import { ensureTenant } from '@app/auth/testing';
import { parseListQuery } from '@app/platform';
import { anActor, bootSlice, fillWithRows, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerPermissions as may } from './customer.policy.js';
import { CustomerList } from './customers.list.js';
import { CustomersQueries } from './customers.queries.js';
import { CustomersService } from './customers.service.js';
import { aCard, customersContexts } from './testing.js';

const ROWS = 40_000;

/** Names of two words out of some 500, a company and two addresses each; a fifth of them belongs to another tenant. */
const FILL = `insert into customers (tenant_id, id, first_name, last_name, company, contact_points, status, source, created_by, created_at)
  select case when n % 5 = 0 then $2::uuid else $1::uuid end, gen_random_uuid(),
    initcap(substr(md5((n % 499)::text), 1, 6)), initcap(substr(md5((n % 503)::text || 'x'), 1, 8)), 'Works ' || substr(md5(n::text), 1, 10),
    jsonb_build_array(
      jsonb_build_object('kind', 'email', 'normalized', 'person' || n || '@many.example', 'isPrimary', true),
      jsonb_build_object('kind', 'phone', 'normalized', '+4930' || (1000000 + n), 'isPrimary', true)),
    'lead', 'import', $1, timestamptz '2026-01-01' + n * interval '1 second' from generate_series($3::int, $4::int) n`;

describe('the search over customers', () => {
  let slice: Slice;
  let queries: CustomersQueries;
  const ada = anActor([may.read, may.create, may.delete]);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    queries = slice.get(CustomersQueries);
    await ensureTenant(slice);
    await ensureTenant(slice, OTHER_TENANT);
    await slice.superuser.query('alter table customers disable trigger audit');
    await fillWithRows(slice.superuser, ['customers', 'customer_contact_points'], ROWS, (first, last) =>
      slice.superuser.query(FILL, [TENANT, OTHER_TENANT, first, last]),
    );
    await slice.superuser.query('alter table customers enable trigger audit');
    const customers = slice.get(CustomersService);
    await slice.as(ada, async () => {
      await customers.create(
        aCard({
          firstName: 'José',
          lastName: 'Núñez-Çelik',
          company: '50%_Off \\ Söhne',
          email: 'jose@nunez.example',
          phone: '+49 30 5551234',
        }),
      );
      await customers.create(aCard({ firstName: 'Li', lastName: '小林', email: 'li@kobayashi.example' }));
      const { id } = await customers.create(
        aCard({ firstName: 'Thrown', lastName: 'Away', email: 'thrown@away.example' }),
      );
      await customers.trash(id, null);
    });
    await slice.superuser.query(`select set_config('app.tenant_id', $1, false)`, [TENANT]);
  }, 120_000);
  afterAll(() => slice.close());

  const found = async (q: string, tenantId = TENANT): Promise<string[]> => {
    const query = parseListQuery({ q, limit: '100' }, CustomerList);
    const { data } = await slice.as(anActor([may.read], { tenantId }), () => queries.list(query));
    return data.map(({ firstName, lastName }) => `${firstName} ${lastName}`);
  };

  it.each([
    ['jose nunez', 'in any writing of letters'],
    ['ÇELIK JOSÉ', 'in any order'],
    ['unez', 'by the inside of a word'],
    ['jose@nunez.example', 'by a whole address'],
    ['+49 30 5551234', 'by a whole number'],
    ['030 / 555 12 34', 'by a number as it is dialled'],
    ['5551234', 'by the end of a number'],
    ['50%_off', 'by characters that mean something to LIKE'],
    ['\\ söhne', 'by a backslash'],
    ['jo nu', 'by the beginnings of words'],
  ])('finds with %j, %s', async (q) => {
    expect(await found(q)).toEqual(['José Núñez-Çelik']);
  });

  it('finds names in other scripts', async () => {
    expect(await found('小林')).toEqual(['Li 小林']);
  });

  it.each(['jose celikk', '50x_off', '%', '_', "'; drop table customers; --", 'thrown away', 'thrown@away.example'])(
    'finds nobody with %j',
    async (q) => {
      expect(await found(q)).toEqual([]);
    },
  );

  it('finds nobody of another tenant', async () => {
    expect(await found('person7@many.example')).toHaveLength(1);
    expect(await found('person7@many.example', OTHER_TENANT)).toEqual([]);
    expect(await found('person5@many.example', OTHER_TENANT)).toHaveLength(1);
    expect(await found('person5', newId())).toEqual([]);
  });

  it('narrows the search by the reach of the reader', async () => {
    const query = parseListQuery({ q: 'jose nunez' }, CustomerList);
    const stranger = anActor(['customers:read_own']);
    expect((await slice.as(stranger, () => queries.list(query))).data).toEqual([]);
    const creator = anActor(['customers:read_own'], { id: ada.id });
    expect((await slice.as(creator, () => queries.list(query))).data).toHaveLength(1);
  });

  it.each(['jose nunez', 'person11999', 'works 1a2b', '5551234'])(
    'uses its index for %j, in less than 50 ms of database time',
    async (q) => {
      await slice.superuser.query(`load 'auto_explain'`).catch(() => undefined);
      const plans = await explained(slice, q);
      expect(plans.join('\n')).toMatch(/Bitmap Index Scan on customers_by_text/);
      expect(plans.join('\n')).not.toMatch(/Seq Scan on customers/);
      const took: number[] = [];
      for (let index = 0; index < 5; index++) {
        const { rows } = await slice.superuser.query(
          `explain (analyze, format json) select * from customers_search($1, 10000)`,
          [q],
        );
        took.push(rows[0]['QUERY PLAN'][0]['Execution Time']);
      }
      expect(Math.min(...took)).toBeLessThan(50);
    },
  );

  it.each<[string, Record<string, string>, RegExp]>([
    ['the newest', {}, /customers_by_creation/],
    ['those of a status', { status: 'blocked' }, /customers_by_status/],
    ['the recently changed', { sort: '-updatedAt' }, /customers_by_update/],
    ['by name', { sort: 'lastName' }, /customers_by_name/],
    ['by address', { email: 'person7@many.example' }, /customers_by_email/],
    ['by number', { phone: '+49301000007' }, /customers_by_phone/],
  ])('lists %s by an index under row-level security', async (_, raw, index) => {
    const plan = await planOf(slice, ada, raw);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/Seq Scan on customers/);
  });

  it('lists a clerk’s own customers by the indexes of ownership', async () => {
    const plan = await planOf(slice, anActor(['customers:read_own'], { teams: [newId()] }), {});
    expect(plan).toMatch(/customers_by_creator[\s\S]*customers_by_assignee[\s\S]*customers_by_team/);
    expect(plan).not.toMatch(/Seq Scan on customers/);
  });
});

/** The plans of the statements that run inside of the search. */
async function explained(slice: Slice, q: string): Promise<string[]> {
  const notices: string[] = [];
  const listen = ({ message }: { message?: string }): void => void notices.push(message ?? '');
  slice.superuser.on('notice', listen);
  await slice.superuser.query(
    `set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = 'notice'`,
  );
  await slice.superuser.query('select * from customers_search($1, 10000)', [q]);
  await slice.superuser.query('set auto_explain.log_min_duration = -1');
  slice.superuser.off('notice', listen);
  return notices;
}

/** How the list's own statement would run, as the application and under its tenant. */
async function planOf(slice: Slice, actor: ReturnType<typeof anActor>, raw: Record<string, string>): Promise<string> {
  const sent: [string, unknown[]][] = [];
  const listening = {
    query: <T>(sql: string, params: unknown[] = []): Promise<T[]> => (
      sent.push([sql, params]),
      Promise.resolve([] as T[])
    ),
  };
  const reading = new CustomersQueries(listening as never, slice.get(CustomersQueries)['reach']);
  await slice.as(actor, () => reading.list(parseListQuery({ ...raw, count: 'none' }, CustomerList)));
  const [sql, params] = sent[0]!;
  const rows = await slice.as(actor, () => slice.db.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, params));
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
