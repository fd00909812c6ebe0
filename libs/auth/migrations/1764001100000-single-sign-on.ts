import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Other identity providers (OpenID Connect) that vouch for a tenant's people, and who may come in without them. */
export class SingleSignOn1764001100000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table users add column is_break_glass boolean not null default false');
    await createTenantTable(q, 'sso_providers', PROVIDER_COLUMNS, { audit: true, except: ['client_secret'] });
    await q.query('create index sso_providers_by_name on sso_providers (tenant_id, name, id)');
    await createTenantTable(q, 'sso_domains', DOMAIN_COLUMNS, { audit: true, idColumn: 'provider_id' });
    await q.query('create index sso_domains_by_domain on sso_domains (domain)');
    await createDoor(q, 'sso_domain_is_free()', DOMAIN_IS_FREE);
    await q.query(
      'create trigger domain_is_free before insert or update of domain on sso_domains for each row execute function sso_domain_is_free()',
    );
    await createTenantTable(q, 'sso_provider_roles', ROLE_COLUMNS, { audit: true, idColumn: 'provider_id' });
    await createTenantTable(q, 'sso_identities', IDENTITY_COLUMNS, { audit: true });
    await q.query('create index sso_identities_of_user on sso_identities (tenant_id, user_id)');
    await q.query('create index sso_identities_of_provider on sso_identities (tenant_id, provider_id)');
    await createTenantTable(q, 'sso_attempts', ATTEMPT_COLUMNS, {
      audit: false,
      because: 'logins and refusals are recorded by name, not as rows',
    });
    await q.query('create index sso_attempts_by_state on sso_attempts (state_hash)');
    for (const [signature, body] of DOORS) await createDoor(q, signature, body);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'sso_provider_owner(uuid)');
    await dropFunction(q, 'sso_providers_of(text)');
    await dropFunction(q, 'sso_attempt_owner(bytea, timestamptz)');
    await dropTables(q, 'sso_attempts', 'sso_identities', 'sso_provider_roles', 'sso_domains', 'sso_providers');
    await dropFunction(q, 'sso_domain_is_free()');
    await q.query('alter table users drop column is_break_glass');
  }
}

const PROVIDER_COLUMNS = `
  id uuid not null,
  name text not null, issuer text not null, client_id text not null,
  client_secret text constraint sso_providers_secret_is_sealed check (client_secret ~ '^v\\d+[.]'),
  scopes text not null, redirect_uri text,
  is_enabled boolean not null, is_required boolean not null, provisions boolean not null,
  version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now(),
  constraint sso_providers_client_is_one unique (tenant_id, issuer, client_id)`;

const DOMAIN_COLUMNS = `
  provider_id uuid not null,
  domain text not null constraint sso_domains_domain_is_lower_case check (domain = lower(domain)),
  primary key (tenant_id, domain),
  constraint sso_domains_provider foreign key (tenant_id, provider_id) references sso_providers (tenant_id, id) on delete cascade`;

// One tenant speaks for a domain: whoever claimed another's would be shown to its people. A unique index would have to
// span tenants, which no table of theirs does.
const DOMAIN_IS_FREE = `returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('sso domain ' || new.domain, 0));
    if exists (select 1 from sso_domains d where d.domain = new.domain and d.tenant_id <> new.tenant_id) then
      raise exception 'the domain is spoken for' using errcode = 'unique_violation', constraint = 'sso_domains_domain_is_free';
    end if;
    return new;
  end $$`;

const ROLE_COLUMNS = `
  provider_id uuid not null, role_id uuid not null,
  primary key (tenant_id, provider_id, role_id),
  constraint sso_provider_roles_provider foreign key (tenant_id, provider_id) references sso_providers (tenant_id, id) on delete cascade,
  constraint sso_provider_roles_role foreign key (tenant_id, role_id) references roles (tenant_id, id)`;

// Whom a provider means is its issuer and its subject (OpenID Connect Core, 2): an address may be somebody else's tomorrow.
const IDENTITY_COLUMNS = `
  id uuid not null, user_id uuid not null, provider_id uuid not null,
  issuer text not null, subject text not null, created_at timestamptz(3) not null,
  constraint sso_identities_subject_is_one unique (tenant_id, issuer, subject),
  constraint sso_identities_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
  constraint sso_identities_provider foreign key (tenant_id, provider_id) references sso_providers (tenant_id, id) on delete cascade`;

const ATTEMPT_COLUMNS = `
  id uuid not null, provider_id uuid not null, link_user_id uuid, link_session_id uuid,
  state_hash bytea not null, browser_hash bytea not null, nonce text not null, code_verifier text not null,
  created_at timestamptz(3) not null, expires_at timestamptz(3) not null, used_at timestamptz(3),
  constraint sso_attempts_verifier_is_sealed check (code_verifier ~ '^v\\d+[.]'),
  constraint sso_attempts_provider foreign key (tenant_id, provider_id) references sso_providers (tenant_id, id) on delete cascade,
  constraint sso_attempts_user foreign key (tenant_id, link_user_id) references users (tenant_id, id) on delete cascade,
  constraint sso_attempts_session foreign key (tenant_id, link_session_id) references sessions (tenant_id, id) on delete cascade,
  constraint sso_attempts_link_is_whole check ((link_user_id is null) = (link_session_id is null))`;

const PROVIDER_OWNER = `returns table (tenant_id uuid) language sql stable as $$
  select p.tenant_id from sso_providers p join tenants t on t.tenant_id = p.tenant_id and t.id = p.tenant_id
  where p.id = provider and p.is_enabled and t.status = 'active' $$`;

const PROVIDERS_OF = `returns table (id uuid, name text) language sql stable as $$
  select p.id, p.name from sso_domains d
    join sso_providers p on p.tenant_id = d.tenant_id and p.id = d.provider_id
    join tenants t on t.tenant_id = p.tenant_id and t.id = p.tenant_id
  where d.domain = in_domain and p.is_enabled and t.status = 'active' $$`;

const ATTEMPT_OWNER = `returns table (tenant_id uuid, attempt_id uuid, provider_id uuid) language sql stable as $$
  select a.tenant_id, a.id, a.provider_id from sso_attempts a
    join sso_providers p on p.tenant_id = a.tenant_id and p.id = a.provider_id
    join tenants t on t.tenant_id = a.tenant_id and t.id = a.tenant_id
  where a.state_hash = hash and a.used_at is null and a.expires_at > at and p.is_enabled and t.status = 'active' $$`;

const DOORS: readonly (readonly [signature: string, body: string])[] = [
  ['sso_provider_owner(provider uuid)', PROVIDER_OWNER],
  ['sso_providers_of(in_domain text)', PROVIDERS_OF],
  ['sso_attempt_owner(hash bytea, at timestamptz)', ATTEMPT_OWNER],
];
