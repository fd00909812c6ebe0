import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants, people, what they may, and how they come in. */
export class AuthFoundation1763700100000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.createTenants(q);
    await this.createPeople(q);
    await this.createEntrances(q);
    await this.createThrottle(q);
    for (const [signature, body] of DOORS) await createDoor(q, signature, body);
  }

  private async createTenants(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'tenants', TENANT_COLUMNS, { audit: true });
  }

  private async createPeople(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'users', USER_COLUMNS, { audit: true, except: ['password_hash'] });
    await q.query('create index users_by_email on users (email)');
    await q.query('create index users_by_username on users (username) where username is not null');
    await q.query('create index users_by_creation on users (tenant_id, created_at, id)');
    await createTenantTable(q, 'roles', ROLE_COLUMNS, { audit: true });
    await createTenantTable(q, 'user_roles', USER_ROLE_COLUMNS, { audit: true, idColumn: 'user_id' });
    await q.query('create index user_roles_by_role on user_roles (tenant_id, role_id)');
    await createTenantTable(q, 'teams', TEAM_COLUMNS, { audit: true });
    await createTenantTable(q, 'team_members', TEAM_MEMBER_COLUMNS, { audit: true, idColumn: 'team_id' });
    await q.query('create index team_members_by_user on team_members (tenant_id, user_id)');
  }

  private async createEntrances(q: QueryRunner): Promise<void> {
    const audited = 'logins, refusals, reuse and logouts are recorded by name, not as rows';
    await createTenantTable(q, 'sessions', SESSION_COLUMNS, { audit: false, because: audited });
    await q.query('create index sessions_by_id on sessions (id)');
    await q.query('create index sessions_of_user on sessions (tenant_id, user_id, started_at)');
    await createTenantTable(q, 'known_devices', KNOWN_DEVICE_COLUMNS, {
      audit: false,
      because: 'bookkeeping of logins',
    });
    await createTenantTable(q, 'password_resets', RESET_COLUMNS, { audit: true, except: ['token_hash'] });
    await q.query('create index password_resets_by_hash on password_resets (token_hash)');
    await q.query('create index password_resets_of_user on password_resets (tenant_id, user_id, created_at)');
    await createTenantTable(q, 'service_tokens', SERVICE_TOKEN_COLUMNS, { audit: true, except: ['key_hash'] });
    await q.query('create index service_tokens_by_hash on service_tokens (key_hash)');
    await q.query('create index service_tokens_by_creation on service_tokens (tenant_id, created_at, id)');
    await createTenantTable(q, 'service_token_uses', USE_COLUMNS, { audit: false, because: 'moves with every use' });
  }

  /** Whoever knocks has no tenant yet, so neither have these counters: nobody but the doors below reaches them. */
  private async createThrottle(q: QueryRunner): Promise<void> {
    await q.query(
      `create table login_throttle (key bytea primary key, failures int not null, since timestamptz not null, last_at timestamptz not null)`,
    );
    await q.query('alter table login_throttle owner to nexus_owner');
    await q.query('alter table login_throttle enable row level security');
    await q.query('alter table login_throttle force row level security');
    await q.query(
      'create policy nobodys on login_throttle using ((select app_tenant()) is null) with check ((select app_tenant()) is null)',
    );
    await q.query('grant select, insert, update, delete on login_throttle to nexus_definer');
    await q.query(`comment on table login_throttle is 'not audited: counters of refused logins, gone after a day'`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const [signature] of DOORS)
      await dropFunction(q, signature.replace(/(\w+) (text|uuid|timestamptz|bytea\[\]|bytea|jsonb|int)/g, '$2'));
    await dropTables(
      q,
      'login_throttle',
      'service_token_uses',
      'service_tokens',
      'password_resets',
      'known_devices',
      'sessions',
    );
    await dropTables(q, 'team_members', 'teams', 'user_roles', 'roles', 'users', 'tenants');
  }
}

const KEPT = `version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now()`;

const TENANT_COLUMNS = `
  id uuid not null,
  slug text not null, title text not null, zone text not null default 'UTC', locale text not null default 'en',
  status text not null default 'active' constraint tenants_status_is_known check (status in ('active', 'suspended')),
  ${KEPT},
  constraint tenants_own_themselves check (tenant_id = id),
  constraint tenants_slug_is_free unique (slug)`;

const USER_COLUMNS = `
  id uuid not null,
  email text not null constraint users_email_is_lower_case check (email = lower(email)),
  username text constraint users_username_is_lower_case check (username = lower(username) and username !~ '@'),
  password_hash text, password_changed_at timestamptz(3), must_change_password boolean not null default false,
  first_name text not null, last_name text not null default '',
  status text not null default 'active' constraint users_status_is_known check (status in ('active', 'deactivated')),
  zone text not null default 'UTC', locale text not null default 'en',
  ${KEPT},
  constraint users_email_is_free unique (tenant_id, email),
  constraint users_username_is_free unique (tenant_id, username)`;

const ROLE_COLUMNS = `
  id uuid not null, name text not null, description text not null default '', grants text[] not null default '{}',
  is_seeded boolean not null default false, ${KEPT},
  constraint roles_name_is_free unique (tenant_id, name)`;

const USER_ROLE_COLUMNS = `
  user_id uuid not null, role_id uuid not null,
  primary key (tenant_id, user_id, role_id),
  constraint user_roles_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
  constraint user_roles_role foreign key (tenant_id, role_id) references roles (tenant_id, id)`;

const TEAM_COLUMNS = `
  id uuid not null, name text not null, description text not null default '', ${KEPT},
  constraint teams_name_is_free unique (tenant_id, name)`;

const TEAM_MEMBER_COLUMNS = `
  team_id uuid not null, user_id uuid not null, is_lead boolean not null default false,
  primary key (tenant_id, team_id, user_id),
  constraint team_members_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete cascade,
  constraint team_members_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;

const SESSION_COLUMNS = `
  id uuid not null, user_id uuid not null,
  seed bytea not null, generation int not null default 0, rotated_at timestamptz(3) not null,
  ip text not null default '', user_agent text not null default '',
  started_at timestamptz(3) not null, last_used_at timestamptz(3) not null,
  expires_at timestamptz(3) not null, absolute_expires_at timestamptz(3) not null,
  revoked_at timestamptz(3), revoked_because text, version int not null default 1,
  constraint sessions_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;

const KNOWN_DEVICE_COLUMNS = `
  user_id uuid not null, device_hash bytea not null, last_seen_at timestamptz(3) not null,
  primary key (tenant_id, user_id, device_hash),
  constraint known_devices_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;

const RESET_COLUMNS = `
  id uuid not null, user_id uuid not null, token_hash bytea not null,
  created_at timestamptz(3) not null, expires_at timestamptz(3) not null, used_at timestamptz(3),
  constraint password_resets_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;

const SERVICE_TOKEN_COLUMNS = `
  id uuid not null, name text not null, prefix text not null, key_hash bytea not null, grants text[] not null,
  created_by uuid not null, expires_at timestamptz(3), revoked_at timestamptz(3), ${KEPT}`;

const USE_COLUMNS = `
  token_id uuid not null, last_used_at timestamptz(3) not null,
  primary key (tenant_id, token_id),
  constraint service_token_uses_token foreign key (tenant_id, token_id) references service_tokens (tenant_id, id) on delete cascade`;

// Only who may come in at all: a deactivated user or a suspended tenant is to the one who knocks the same as nobody.
const LOGIN_CANDIDATES = `returns table (tenant_id uuid, user_id uuid, name text, password_hash text, known_devices bytea[]) language sql stable as $$
  select u.tenant_id, u.id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email), u.password_hash,
    array(select d.device_hash from known_devices d where d.tenant_id = u.tenant_id and d.user_id = u.id)
  from users u join tenants t on t.tenant_id = u.tenant_id and t.id = u.tenant_id
  where (u.email = identifier or u.username = identifier) and u.status = 'active' and t.status = 'active'
    and (in_tenant is null or t.slug = in_tenant)
  order by u.tenant_id limit 5 $$`;

export const SESSION_STANDING = `returns table (user_id uuid, name text, must_change_password boolean, grants text[], teams uuid[]) language sql stable as $$
  select u.id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email), u.must_change_password,
    array(select distinct unnest(r.grants) from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
      where ur.tenant_id = u.tenant_id and ur.user_id = u.id order by 1),
    array(select m.team_id from team_members m where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1)
  from sessions s
    join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    join tenants t on t.tenant_id = s.tenant_id and t.id = s.tenant_id
  where s.tenant_id = in_tenant and s.id = session and s.revoked_at is null and s.expires_at > at and s.absolute_expires_at > at
    and u.status = 'active' and t.status = 'active' $$`;

const SESSION_OF_REFRESH = `returns table (tenant_id uuid, user_id uuid, name text, seed bytea, may_enter boolean) language sql stable as $$
  select s.tenant_id, s.user_id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email), s.seed,
    u.status = 'active' and t.status = 'active'
  from sessions s
    join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    join tenants t on t.tenant_id = s.tenant_id and t.id = s.tenant_id
  where s.id = session $$`;

const TOKEN_OWNER = `returns table (tenant_id uuid, token_id uuid) language sql stable as $$
  select k.tenant_id, k.id from service_tokens k where k.key_hash = hash $$`;

const TOKEN_STANDING = `returns table (name text, grants text[]) language sql volatile as $$
  with found as (
    select k.tenant_id, k.id, k.name, k.grants from service_tokens k
      join tenants t on t.tenant_id = k.tenant_id and t.id = k.tenant_id
    where k.tenant_id = in_tenant and k.id = token and k.revoked_at is null and (k.expires_at is null or k.expires_at > at) and t.status = 'active'),
  used as (
    insert into service_token_uses (tenant_id, token_id, last_used_at) select f.tenant_id, f.id, at from found f
    on conflict (tenant_id, token_id) do update set last_used_at = excluded.last_used_at
      where service_token_uses.last_used_at < excluded.last_used_at - interval '30 seconds')
  select f.name, f.grants from found f $$`;

const RESET_OWNER = `returns table (tenant_id uuid, reset_id uuid, user_id uuid) language sql stable as $$
  select r.tenant_id, r.id, r.user_id from password_resets r
    join users u on u.tenant_id = r.tenant_id and u.id = r.user_id
    join tenants t on t.tenant_id = r.tenant_id and t.id = r.tenant_id
  where r.token_hash = hash and r.used_at is null and r.expires_at > at and u.status = 'active' and t.status = 'active' $$`;

const TENANTS_ACTIVE = `returns table (id uuid, slug text, title text, zone text) language sql stable as $$
  select t.id, t.slug, t.title, t.zone from tenants t where t.status = 'active' order by t.created_at, t.id $$`;

const INSTALL_IS_EMPTY = `returns boolean language sql stable as $$ select not exists (select 1 from users) $$`;

const LOGIN_FAILURES = `returns table (key bytea, failures int, last_at timestamptz) language sql stable as $$
  select l.key, l.failures, l.last_at from login_throttle l where l.key = any (keys) and l.last_at > at - make_interval(secs => memory_seconds) $$`;

// The refusal of a known account is recorded by the very statement that counts it, so that its time tells nobody that there is one.
const LOGIN_FAILED = `returns void language sql volatile as $$
  insert into login_throttle (key, failures, since, last_at) select k, 1, at, at from unnest(keys) k order by k
    on conflict (key) do update set last_at = excluded.last_at,
      failures = case when login_throttle.last_at > at - make_interval(secs => memory_seconds) then login_throttle.failures + 1 else 1 end;
  insert into audit_log (tenant_id, actor_id, actor_name, request_id, entity, entity_id, action, after)
    select (w->>'tenantId')::uuid, (w->>'actorId')::uuid, 'auth.login', request, 'users', w->>'userId', 'login_refused', details
    from jsonb_array_elements(whom) w $$`;

const LOGIN_PASSED = `returns void language sql volatile as $$ delete from login_throttle l where l.key = any (keys) $$`;

const LOGIN_THROTTLE_PURGE = `returns bigint language sql volatile as $$
  with gone as (delete from login_throttle l where l.last_at < at - interval '1 day' returning 1) select count(*) from gone $$`;

const DOORS: readonly (readonly [signature: string, body: string])[] = [
  ['login_candidates(identifier text, in_tenant text)', LOGIN_CANDIDATES],
  ['session_standing(in_tenant uuid, session uuid, at timestamptz)', SESSION_STANDING],
  ['session_of_refresh(session uuid)', SESSION_OF_REFRESH],
  ['token_owner(hash bytea)', TOKEN_OWNER],
  ['token_standing(in_tenant uuid, token uuid, at timestamptz)', TOKEN_STANDING],
  ['password_reset_owner(hash bytea, at timestamptz)', RESET_OWNER],
  ['tenants_active()', TENANTS_ACTIVE],
  ['install_is_empty()', INSTALL_IS_EMPTY],
  ['login_failures(keys bytea[], at timestamptz, memory_seconds int)', LOGIN_FAILURES],
  [
    'login_failed(keys bytea[], at timestamptz, memory_seconds int, whom jsonb, request text, details jsonb)',
    LOGIN_FAILED,
  ],
  ['login_passed(keys bytea[])', LOGIN_PASSED],
  ['login_throttle_purge(at timestamptz)', LOGIN_THROTTLE_PURGE],
];
