import { AccessGuard, currentScope, Database, RouteCatalogue } from '@app/platform';
import { systemActor } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { contexts } from '../../../contexts.js';
import { build, type Kind, World } from './testing/world.js';

/** With every check of the code switched off, PostgreSQL alone keeps the tenants apart. */
describe('Row-level security alone', () => {
  let slice: Slice;
  const [ours, theirs] = [new World('nearby'), new World('faraway')];
  const us = systemActor(ours.id, 'tests.everything');

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
    await build(slice, [ours, theirs]);
  });
  afterAll(() => slice?.close());
  afterEach(() => vi.restoreAllMocks());

  const asUs = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
    slice.as(us, () => slice.get(Database).query<T>(sql, values));

  async function tablesOfTenants(): Promise<string[]> {
    const { rows } = await slice.superuser.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  it('counts no row of another tenant, in any table, in one statement over all of them', async () => {
    const tables = await tablesOfTenants();
    const counts = tables.map(
      (table) => `select '${table}' as name, count(*) filter (where tenant_id <> app_tenant())::int as others,
        count(*) filter (where tenant_id = $1::uuid)::int as named from ${table}`,
    );
    const rows = await asUs<{ name: string; others: number; named: number }>(counts.join(' union all '), [theirs.id]);
    expect(rows.filter(({ others, named }) => others + named > 0)).toEqual([]);
    expect(rows.length).toBeGreaterThan(40);
  });

  it('tells by no estimate, no reference and no uniqueness that there is such a row', async () => {
    const [customer] = theirs.of('customers');
    const insert = `insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, priority, channel, created_by,
      message_count, customer_message_count, last_customer_message_at)
      values (app_tenant(), gen_random_uuid(), 99999, $1, 'x', 'x', 'open', 'normal', 'phone', gen_random_uuid(), 1, 1, now())`;
    const refused = async (id: string): Promise<string> =>
      slice.as(us, () =>
        slice
          .get(Database)
          .transaction(() => slice.get(Database).query(insert, [id]))
          .then(
            () => 'taken',
            (error: { code?: string; constraint?: string }) => `${error.code} ${error.constraint}`,
          ),
      );
    const nowhere = '01920000-0000-7000-8000-00000000dead';
    expect(await refused(customer!.id)).toBe(await refused(nowhere));
  });

  it('changes and removes none of them, and adds none to them', async () => {
    for (const table of [
      'customers',
      'inquiries',
      'responses',
      'approval_requests',
      'mails',
      'projects',
      'tasks',
      'worklogs',
      'users',
      'roles',
      'teams',
    ]) {
      const touched = await slice.as(us, () =>
        slice
          .get(Database)
          .transaction(async () => [
            ...(await slice
              .get(Database)
              .query(`update ${table} set id = id where tenant_id = $1 returning 1`, [theirs.id])),
            ...(await slice.get(Database).query(`delete from ${table} where tenant_id = $1 returning 1`, [theirs.id])),
          ]),
      );
      expect({ table, touched }).toEqual({ table, touched: [] });
    }
    const forged = asUs('insert into teams (tenant_id, id, name) values ($1, gen_random_uuid(), $2)', [theirs.id, 'x']);
    await expect(forged).rejects.toMatchObject({ code: expect.stringMatching(/42501|NX001/) as string });
  });

  it('searches none of them: every search function finds ours and not theirs', async () => {
    const { rows } = await slice.superuser.query<{ name: string }>(
      `select proname as name from pg_proc where pronamespace = 'public'::regnamespace and proname like '%\\_search' and prosecdef order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'customers_search',
      'deals_search',
      'inquiries_search',
      'leads_search',
    ]);
    const found = async (name: string, term: string): Promise<string[]> =>
      (await asUs<{ id: string }>(`select ${name}($1, 1000) as id`, [term])).map(({ id }) => id);
    for (const { name } of rows) {
      expect(await found(name, 'faraway')).toEqual([]);
      const both = await found(name, 'proof');
      expect(both.length).toBeGreaterThan(10);
      expect(theirs.facts.filter(({ id }) => both.includes(id))).toEqual([]);
    }
  });

  it('shows nobody anything, whose tenant is not said', async () => {
    for (const table of await tablesOfTenants()) {
      const { rowCount } = await slice.get(Database).pool.query(`select 1 from ${table} limit 1`);
      expect({ table, rowCount }).toEqual({ table, rowCount: 0 });
    }
  });

  it('leaves every route that reads without a word about the other tenant, the guard being off', async () => {
    vi.spyOn(AccessGuard.prototype, 'canActivate').mockImplementation(() => {
      currentScope()?.enter(us);
      return Promise.resolve(true);
    });
    const idOf = (kind: Kind): string => theirs.of(kind).find(({ isTrashed }) => !isTrashed)!.id;
    const ids: Record<string, string> = {
      ...{ customers: idOf('customers'), inquiries: idOf('inquiries'), responses: idOf('responses') },
      ...{ tasks: idOf('tasks'), projects: idOf('projects'), worklogs: idOf('worklogs') },
      ...{ approvals: idOf('approvals'), mail: idOf('mail'), users: theirs.people.me, teams: theirs.teams.a },
    };
    const theirIds = [
      ...theirs.facts.map(({ id }) => id),
      ...Object.values(theirs.people),
      ...Object.values(theirs.teams),
    ];
    const routes = slice
      .get(RouteCatalogue)
      .all()
      .filter(({ method }) => method === 'GET');
    const leaks: string[] = [];
    for (const { path } of routes) {
      const [, resource = ''] = path.split('/');
      const asked = path.replace(/:\w+/g, ids[resource] ?? theirs.id);
      const { status, body } = await slice.http('GET', `/api/v1${asked}`);
      const text = JSON.stringify(body).replaceAll(`"${asked}`, '');
      const told = theirIds.filter((id) => text.includes(id) && !asked.includes(id));
      if (text.includes('faraway') || told.length) leaks.push(`${path}: ${text.slice(0, 200)}`);
      if (path.includes(':') && status === 200 && resource in ids) leaks.push(`${path}: 200`);
    }
    expect(leaks).toEqual([]);
    expect(routes.length).toBeGreaterThan(60);
  });
});
