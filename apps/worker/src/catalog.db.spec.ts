import { Migrator, platformMigrations, databaseOptions } from '@app/platform';
import { createTestDatabase, type TestDatabase } from '@app/platform/testing';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../contexts.js';

/** What may answer without a tenant, or past row-level security. Each is a decision: a new one is added here, by name. */
const DOORS = [
  // the trail itself, and what seals it tenant by tenant
  'audit_checkpoints_due',
  'audit_erase',
  'audit_held_back',
  'audit_record',
  'audit_row',
  'audit_seal',
  'audit_tenants',
  'audit_waiting',
  // the relay and its housekeeping
  'deliveries_due',
  'idempotency_purge',
  'outbox_purge',
  'outbox_stats',
  'outbox_take',
  'schedules_due',
  // sums over all tenants for the alerts, which name none of them
  'approval_stats',
  'desk_stats',
  'field_rules_of',
  'mailbox_stats',
  // whose mail is to be fetched
  'imap_polls_due',
  // who calls, before the tenant is known
  'install_is_empty',
  'login_candidates',
  'login_failed',
  'login_failures',
  'login_passed',
  'login_throttle_purge',
  'mfa_challenge_owner',
  'passkey_login_begun',
  'passkey_login_taken',
  'passkey_owner',
  'password_reset_owner',
  'reached_teams',
  'satisfaction_survey_owner',
  'session_impersonation',
  'session_of_refresh',
  'session_standing',
  'sso_attempt_owner',
  'sso_domain_is_free',
  'sso_provider_owner',
  'sso_providers_of',
  'tenant_erase',
  'tenant_erase_last',
  'tenant_is_held',
  'tenant_named',
  'tenants_active',
  'token_allowed_from',
  'token_owner',
  'token_standing',
  // searches, and who is like whom: they compare the tenant themselves, since operators that are not leak-proof are not pushed below a policy
  'customers_alike',
  'custom_field_rows',
  'customers_search',
  'deals_search',
  'inquiries_search',
  'leads_search',
  'search_alike',
  'search_exactly',
];
const WITHOUT_TENANT = ['migrations'];

const migrations = [...platformMigrations, ...contexts.flatMap((context) => context.migrations)];

describe('the database', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase(migrations);
    client = new pg.Client(database.superuserUrl);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
  });

  const names = async (sql: string): Promise<string[]> =>
    (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);

  it('enables and forces row-level security on every table, with a policy for reading and writing', async () => {
    const open =
      await names(`select relname as name from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and not (relrowsecurity and relforcerowsecurity and exists (select 1 from pg_policies p where p.tablename = relname and p.qual is not null and p.with_check is not null))`);
    expect(open.sort()).toEqual(WITHOUT_TENANT);
  });

  it('compares the tenant in an init plan that gives null, not an error, for nobody', async () => {
    const odd = await names(
      `select tablename || ': ' || qual as name from pg_policies where schemaname = 'public' and qual not like '%SELECT app_tenant()%'`,
    );
    expect(odd).toEqual([]);
  });

  it('leads every primary key, unique index and foreign key of a tenant by the tenant', async () => {
    const loose =
      await names(`select c.relname || '.' || i.relname as name from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relnamespace = 'public'::regnamespace and x.indisunique and not (a.attnum = any(x.indkey))`);
    expect(loose.filter((name) => !name.startsWith('tenants.'))).toEqual([]);
    const foreign =
      await names(`select conrelid::regclass || '.' || conname as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
      and not exists (select 1 from pg_attribute a where a.attrelid = conrelid and a.attname = 'tenant_id' and a.attnum = any(conkey)) and confrelid::regclass::text <> 'tenants'`);
    expect(foreign).toEqual([]);
  });

  it('gives the application no more than rows', async () => {
    const { rows } = await client.query(`select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,
      (select count(*)::int from pg_auth_members where member = r.oid) as member_of,
      (select count(*)::int from pg_class where relowner = r.oid) as owns from pg_roles r where rolname = 'nexus_app'`);
    expect(rows).toEqual([
      { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false, member_of: 0, owns: 0 },
    ]);
    const writable = await names(
      `select privilege_type as name from information_schema.table_privileges where grantee = 'nexus_app' and table_name = 'audit_log'`,
    );
    expect(writable).toEqual(['SELECT']);
  });

  it('gives and takes nothing without a tenant, be it unset or empty', async () => {
    const tenantId = '01920000-0000-7000-8000-00000000000a';
    await client.query("select set_config('app.actor_id', $1, false), set_config('app.actor_name', 'Test', false)", [
      tenantId,
    ]);
    await client.query("insert into tenants (tenant_id, id, slug, title) values ($1, $1, 'hidden', 'Hidden')", [
      tenantId,
    ]);
    const tables = await names(
      "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id'",
    );
    const app = new pg.Client(database.appUrl);
    await app.connect();
    const codeOf = (sql: string): Promise<string> =>
      app.query(sql).then(
        ({ rows }) => (rows.length ? 'some' : 'none'),
        (error: { code: string }) => error.code,
      );
    const shown: string[] = [];
    for (const setting of ['select', "select set_config('app.tenant_id', '', false)"]) {
      await app.query(setting);
      for (const table of tables) {
        const read = await codeOf(`select from ${table} limit 1`);
        const written = await codeOf(`insert into ${table} (tenant_id) values ('${tenantId}')`);
        if (!['none', '42501'].includes(read) || written !== '42501') shown.push(`${table}: ${read}, ${written}`);
      }
    }
    await app.end();
    expect(tables.length).toBeGreaterThan(30);
    expect(shown).toEqual([]);
  });

  it('limits how long the application may take or hold, and how long a migration waits for it', async () => {
    const limitsOf = async (role: string): Promise<(string | undefined)[]> => {
      const settings = await names(`select unnest(rolconfig) as name from pg_roles where rolname = '${role}'`);
      return settings.map((setting) => setting.split('=')[0]).sort();
    };
    const { rows } = await client.query('select current_setting(\'server_version_num\')::int >= 170000 as "isNew"');
    const limits = ['idle_in_transaction_session_timeout', 'jit', 'lock_timeout', 'statement_timeout'];
    expect(await limitsOf('nexus_app')).toEqual(rows[0].isNew ? [...limits, 'transaction_timeout'] : limits);
    expect(await limitsOf('nexus_migrator')).toEqual(['lock_timeout']);
  });

  it('has only the doors that are listed, each with a pinned search path, closed to the public', async () => {
    const { rows } = await client.query<{
      name: string;
      owner: string;
      pinned: boolean;
      public: boolean;
    }>(`select proname as name, pg_get_userbyid(proowner) as owner,
      coalesce(array_to_string(proconfig, ',') like '%search_path%', false) as pinned, has_function_privilege('public', oid, 'execute') as public
      from pg_proc where prosecdef and pronamespace = 'public'::regnamespace order by proname`);
    expect(rows.filter(({ owner, pinned, public: open }) => owner !== 'nexus_definer' || !pinned || open)).toEqual([]);
    expect(rows.map(({ name }) => name)).toEqual([...DOORS].sort());
  });

  it('has no view or materialized view that reads past row-level security', async () => {
    expect(
      await names(
        "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')",
      ),
    ).toEqual([]);
  });

  it('audits every table, or says why not', async () => {
    const silent =
      await names(`select relname as name from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'
      and not exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'audit')
      and coalesce(obj_description(c.oid), '') not like 'not audited: %'`);
    expect(silent.sort()).toEqual(WITHOUT_TENANT);
  });

  it('has the columns that the entities map, and no entity column drifts from its table', async () => {
    const source = await new DataSource(
      databaseOptions(
        database.appUrl,
        { size: 2, waitSeconds: 5 },
        contexts.flatMap(({ entities }) => [...entities]),
      ),
    ).initialize();
    const { rows } = await client.query<{ key: string; nullable: boolean }>(
      "select table_name || '.' || column_name as key, is_nullable = 'YES' as nullable from information_schema.columns where table_schema = 'public'",
    );
    const actual = new Map(rows.map(({ key, nullable }) => [key, nullable]));
    const drifted = source.entityMetadatas.flatMap((entity) =>
      entity.columns
        .filter(({ isVirtualProperty }) => !isVirtualProperty)
        .map((column) => ({ key: `${entity.tableName}.${column.databaseName}`, nullable: column.isNullable }))
        .filter(({ key, nullable }) => actual.get(key) !== nullable)
        .map(
          ({ key, nullable }) =>
            `${key} is ${actual.get(key) === undefined ? 'missing' : nullable ? 'not null in the table' : 'nullable in the table'}`,
        ),
    );
    await source.destroy();
    expect(drifted).toEqual([]);
  });

  it('takes every migration back, and applies it again', async () => {
    const { ownerUrl } = await createTestDatabase(migrations);
    const migrator = new Migrator(ownerUrl, migrations);
    await migrator.rollback(migrations.length);
    const reversed = new pg.Client(ownerUrl);
    await reversed.connect();
    const left = await reversed.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' union select proname from pg_proc where pronamespace = 'public'::regnamespace and prolang <> (select oid from pg_language where lanname = 'c') and not exists (select 1 from pg_depend d where d.objid = pg_proc.oid and d.deptype = 'e')",
    );
    await reversed.end();
    expect(left.rows.map(({ relname }) => relname)).toEqual(['migrations']);
    expect(await migrator.migrate()).toHaveLength(migrations.length);
  });
});
