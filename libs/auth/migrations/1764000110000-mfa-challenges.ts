import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Between password and code: whoever has shown the first may try the second a few times, for a few minutes. */
export class MfaChallenges1764000110000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'mfa_challenges', CHALLENGE_COLUMNS, {
      audit: false,
      because: 'logins and refusals are recorded by name, not as rows',
    });
    await q.query('create index mfa_challenges_by_hash on mfa_challenges (token_hash)');
    await q.query('create index mfa_challenges_of_user on mfa_challenges (tenant_id, user_id)');
    await createDoor(q, 'mfa_challenge_owner(hash bytea, at timestamptz)', CHALLENGE_OWNER);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'mfa_challenge_owner(bytea, timestamptz)');
    await dropTables(q, 'mfa_challenges');
  }
}

const CHALLENGE_COLUMNS = `
  id uuid not null, user_id uuid not null, token_hash bytea not null,
  tries int not null default 0,
  created_at timestamptz(3) not null, expires_at timestamptz(3) not null, used_at timestamptz(3),
  constraint mfa_challenges_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;

const CHALLENGE_OWNER = `returns table (tenant_id uuid, challenge_id uuid, user_id uuid, name text) language sql stable as $$
  select c.tenant_id, c.id, c.user_id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)
  from mfa_challenges c
    join users u on u.tenant_id = c.tenant_id and u.id = c.user_id
    join tenants t on t.tenant_id = c.tenant_id and t.id = c.tenant_id
  where c.token_hash = hash and c.used_at is null and c.expires_at > at and u.status = 'active' and t.status = 'active' $$`;
