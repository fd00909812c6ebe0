import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SESSION_STANDING as BEFORE } from './1764000130000-step-up.js';

const STANDING = 'session_standing(in_tenant uuid, session uuid, at timestamptz)';

/** Passkeys (Web Authentication): possession and a PIN or a finger in one, so each is a second factor. */
export class Passkeys1764001120000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'passkeys', PASSKEY_COLUMNS, { audit: true });
    await q.query('create index passkeys_of_user on passkeys (tenant_id, user_id, created_at, id)');
    await q.query('create index passkeys_by_credential on passkeys (credential_id)');
    await createTenantTable(q, 'passkey_enrolments', ENROLMENT_COLUMNS, {
      audit: false,
      because: 'what is enrolled is recorded, the asking is not',
    });
    await this.createLogins(q);
    for (const [signature, body] of DOORS) await createDoor(q, signature, body);
    await createDoor(q, STANDING, AFTER);
  }

  /** Whoever knocks has no tenant yet, so neither has what they are asked to sign. */
  private async createLogins(q: QueryRunner): Promise<void> {
    await q.query('create table passkey_logins (challenge_hash bytea primary key, expires_at timestamptz not null)');
    await q.query('create index passkey_logins_by_end on passkey_logins (expires_at)');
    await q.query('alter table passkey_logins owner to nexus_owner');
    await q.query('alter table passkey_logins enable row level security');
    await q.query('alter table passkey_logins force row level security');
    await q.query(
      'create policy nobodys on passkey_logins using ((select app_tenant()) is null) with check ((select app_tenant()) is null)',
    );
    await q.query('grant select, insert, update, delete on passkey_logins to nexus_definer');
    await q.query(`comment on table passkey_logins is 'not audited: what was given to sign, gone after a few minutes'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await createDoor(q, STANDING, BEFORE);
    await dropFunction(q, 'passkey_owner(text, uuid)');
    await dropFunction(q, 'passkey_login_begun(bytea, timestamptz, timestamptz)');
    await dropFunction(q, 'passkey_login_taken(bytea, timestamptz)');
    await dropTables(q, 'passkey_logins', 'passkey_enrolments', 'passkeys');
  }
}

const PASSKEY_COLUMNS = `
  id uuid not null, user_id uuid not null, name text not null,
  credential_id text not null, public_key bytea not null,
  sign_count bigint not null constraint passkeys_sign_count_is_one check (sign_count between 0 and 4294967295),
  transports text[] not null default '{}', is_backed_up boolean not null,
  last_used_at timestamptz(3),
  version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now(),
  constraint passkeys_credential_is_one unique (tenant_id, credential_id),
  constraint passkeys_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;

// One at a time for each session: what was asked before is void.
const ENROLMENT_COLUMNS = `
  session_id uuid not null, challenge text not null, expires_at timestamptz(3) not null,
  primary key (tenant_id, session_id),
  constraint passkey_enrolments_session foreign key (tenant_id, session_id) references sessions (tenant_id, id) on delete cascade`;

// Of the person whom the device names: the same credential in another tenant is somebody else's affair.
const OWNER = `returns table (tenant_id uuid, passkey_id uuid, user_id uuid, name text) language sql stable as $$
  select k.tenant_id, k.id, k.user_id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)
  from passkeys k
    join users u on u.tenant_id = k.tenant_id and u.id = k.user_id
    join tenants t on t.tenant_id = k.tenant_id and t.id = k.tenant_id
  where k.credential_id = credential and k.user_id = handle and u.status = 'active' and t.status = 'active' $$`;

const BEGUN = `returns void language sql volatile as $$
  delete from passkey_logins l where l.expires_at <= at;
  insert into passkey_logins (challenge_hash, expires_at) values (hash, until) $$`;

const TAKEN = `returns boolean language sql volatile as $$
  with taken as (delete from passkey_logins l where l.challenge_hash = hash and l.expires_at > at returning 1)
  select exists (select 1 from taken) $$`;

const AFTER = BEFORE.replace(
  'and f.confirmed_at is not null),',
  `and f.confirmed_at is not null)
    and not exists(select 1 from passkeys k where k.tenant_id = u.tenant_id and k.user_id = u.id),`,
);

const DOORS: readonly (readonly [signature: string, body: string])[] = [
  ['passkey_owner(credential text, handle uuid)', OWNER],
  ['passkey_login_begun(hash bytea, at timestamptz, until timestamptz)', BEGUN],
  ['passkey_login_taken(hash bytea, at timestamptz)', TAKEN],
];
