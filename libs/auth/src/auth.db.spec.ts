import { Migrator, platformMigrations } from '@app/platform';
import { createTestDatabase } from '@app/platform/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authMigrations } from '../migrations/index.js';

const [A, B] = ['01920000-0000-7000-8000-00000000000a', '01920000-0000-7000-8000-00000000000b'];
const TABLES = [
  'tenants',
  'users',
  'roles',
  'user_roles',
  'teams',
  'team_members',
  'sessions',
  'known_devices',
  'password_resets',
  'service_tokens',
  'service_token_uses',
  'totp_factors',
  'recovery_codes',
  'mfa_challenges',
  'sso_providers',
  'sso_domains',
  'sso_provider_roles',
  'sso_identities',
  'sso_attempts',
  'passkeys',
  'passkey_enrolments',
  'scim_users',
  'scim_groups',
  'scim_group_members',
  'scim_group_roles',
  'scim_role_grants',
];
const DOORS = [
  'field_rules_of',
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
  'session_impersonation',
  'session_of_refresh',
  'session_standing',
  'sso_attempt_owner',
  'sso_domain_is_free',
  'sso_provider_owner',
  'sso_providers_of',
  'tenants_active',
  'token_allowed_from',
  'token_owner',
  'token_standing',
];

describe('The tables of auth', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let superuser: pg.Client;
  let app: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase([...platformMigrations, ...authMigrations]);
    [superuser, app] = [new pg.Client(database.superuserUrl), new pg.Client(database.appUrl)];
    await Promise.all([superuser.connect(), app.connect()]);
    await superuser.query(`set app.actor_id = '${A}'`);
    for (const [n, tenant] of [A, B].entries()) {
      await superuser.query('insert into tenants (tenant_id, id, slug, title) values ($1, $1, $2, $2)', [
        tenant,
        `t${n}`,
      ]);
      await superuser.query(
        `insert into users (tenant_id, id, email, first_name) values ($1, $1, 'ada@both.example', 'Ada')`,
        [tenant],
      );
    }
  });
  afterAll(async () => {
    await Promise.all([superuser?.end(), app?.end()]);
  });
  const asApp = async (tenant: string, text: string) => {
    await app.query(`select set_config('app.tenant_id', $1, false)`, [tenant]);
    return app.query(text);
  };

  it.each([...TABLES, 'login_throttle', 'passkey_logins'])(
    '%s is under forced row-level security, owned by nobody who logs in',
    async (table) => {
      const { rows } = await superuser.query(
        `select c.relrowsecurity, c.relforcerowsecurity, r.rolname, r.rolcanlogin from pg_class c join pg_roles r on r.oid = c.relowner where c.relname = $1`,
        [table],
      );
      expect(rows).toEqual([
        { relrowsecurity: true, relforcerowsecurity: true, rolname: 'nexus_owner', rolcanlogin: false },
      ]);
    },
  );

  it('show each tenant its own people and no others, and none to nobody', async () => {
    expect((await asApp(A, 'select id from users')).rows).toEqual([{ id: A }]);
    expect((await asApp(B, `select id from users where email = 'ada@both.example'`)).rows).toEqual([{ id: B }]);
    expect((await asApp('', 'select id from users')).rows).toEqual([]);
    expect((await asApp(A, 'select id from tenants')).rows).toEqual([{ id: A }]);
  });

  it('take no row for another tenant and no link into one', async () => {
    await app.query(`set app.actor_id = '${A}'`);
    await expect(
      asApp(
        A,
        `insert into users (tenant_id, id, email, first_name) values ('${B}', gen_random_uuid(), 'x@x.example', 'X')`,
      ),
    ).rejects.toThrow(/row-level security/);
    await asApp(A, `insert into teams (id, name) values ('${A}', 'Team')`);
    await expect(asApp(A, `insert into team_members (team_id, user_id) values ('${A}', '${B}')`)).rejects.toThrow(
      /team_members_user/,
    );
    expect((await asApp(A, `update users set first_name = 'Mallory' where id = '${B}'`)).rowCount).toBe(0);
  });

  it('keep the counters of refused logins behind their doors', async () => {
    await expect(app.query('select * from login_throttle')).rejects.toThrow(/permission denied/);
  });

  it('are reached without a tenant through these doors only', async () => {
    const { rows } = await superuser.query(
      `select p.proname, r.rolname, p.proconfig::text from pg_proc p join pg_roles r on r.oid = p.proowner
       where p.prosecdef and p.proname = any ($1) order by 1`,
      [DOORS],
    );
    expect(rows.map(({ proname }) => proname)).toEqual(DOORS);
    expect(
      rows.every(({ rolname, proconfig }) => rolname === 'nexus_definer' && proconfig.includes('pg_catalog')),
    ).toBe(true);
    const { rows: found } = await asApp('', `select tenant_id from login_candidates('ada@both.example', null)`);
    expect(found.map((row) => row.tenant_id)).toEqual([A, B]);
    expect((await asApp('', `select tenant_id from login_candidates('ada@both.example', 't1')`)).rows).toEqual([
      { tenant_id: B },
    ]);
  });

  it('take no sixth try of a code', async () => {
    const challenge = (tries: number) =>
      superuser.query(
        `insert into mfa_challenges (tenant_id, id, user_id, token_hash, tries, created_at, expires_at)
         values ($1, gen_random_uuid(), $1, '', $2, now(), now())`,
        [A, tries],
      );
    await challenge(5);
    await expect(challenge(6)).rejects.toThrow(/mfa_challenges_tries_are_few/);
  });

  it('leave no secret in the audit trail', async () => {
    await superuser.query(`update users set password_hash = 'argon-secret', first_name = 'Eve' where id = $1`, [A]);
    const { rows } = await superuser.query('select before::text, after::text from audit_log');
    const dump = JSON.stringify(rows);
    expect(dump).toContain('Eve');
    expect(dump).not.toContain('argon-secret');
  });

  it('can be taken back and made again', async () => {
    const migrator = new Migrator(database.ownerUrl, [...platformMigrations, ...authMigrations]);
    const sinceFoundation = [...platformMigrations.slice(1), ...authMigrations];
    await migrator.rollback(sinceFoundation.length);
    const { rows } = await superuser.query('select 1 from pg_class where relname = any ($1)', [
      [...TABLES, 'login_throttle', 'passkey_logins'],
    ]);
    const { rows: doors } = await superuser.query('select proname from pg_proc where proname = any ($1)', [DOORS]);
    expect([rows, doors]).toEqual([[], []]);
    expect(await migrator.migrate()).toHaveLength(sinceFoundation.length);
  });
});
