import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SESSION_STANDING as BEFORE } from './1764000120000-role-demands-mfa.js';

const SIGNATURE = 'session_standing(in_tenant uuid, session uuid, at timestamptz)';

/** When the person of a session last showed that it is them. */
export class StepUp1764000130000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table sessions add column proven_at timestamptz(3)');
    await this.redefine(q, SESSION_STANDING);
  }

  async down(q: QueryRunner): Promise<void> {
    await this.redefine(q, BEFORE);
    await q.query('alter table sessions drop column proven_at');
  }

  private async redefine(q: QueryRunner, body: string): Promise<void> {
    await dropFunction(q, 'session_standing(uuid, uuid, timestamptz)');
    await createDoor(q, SIGNATURE, body);
  }
}

export const SESSION_STANDING = `returns table (user_id uuid, name text, must_change_password boolean, mfa_due boolean, proven_at timestamptz, grants text[], teams uuid[]) language sql stable as $$
  select u.id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email), u.must_change_password,
    exists(select 1 from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
      where ur.tenant_id = u.tenant_id and ur.user_id = u.id and r.mfa_required)
    and not exists(select 1 from totp_factors f where f.tenant_id = u.tenant_id and f.id = u.id and f.confirmed_at is not null),
    s.proven_at,
    array(select distinct unnest(r.grants) from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
      where ur.tenant_id = u.tenant_id and ur.user_id = u.id order by 1),
    array(select m.team_id from team_members m where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1)
  from sessions s
    join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    join tenants t on t.tenant_id = s.tenant_id and t.id = s.tenant_id
  where s.tenant_id = in_tenant and s.id = session and s.revoked_at is null and s.expires_at > at and s.absolute_expires_at > at
    and u.status = 'active' and t.status = 'active' $$`;
