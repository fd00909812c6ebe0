import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions in which somebody sees the system as another person, for as long as their own session and account hold. */
export class Impersonations1764002163000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table sessions add impersonator_id uuid, add impersonator_session_id uuid, add impersonation_reason text,
      add constraint sessions_impersonations_are_whole
        check (num_nulls(impersonator_id, impersonator_session_id, impersonation_reason) in (0, 3)),
      add constraint sessions_impersonate_others check (impersonator_id <> user_id),
      add constraint sessions_impersonator foreign key (tenant_id, impersonator_id) references users (tenant_id, id) on delete cascade`);
    await q.query(
      'create index sessions_by_impersonator on sessions (tenant_id, impersonator_session_id) where impersonator_session_id is not null',
    );
    await createDoor(q, 'session_impersonation(in_tenant uuid, session uuid, at timestamptz)', IMPERSONATION);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'session_impersonation(uuid, uuid, timestamptz)');
    await q.query(
      'alter table sessions drop column impersonator_id, drop column impersonator_session_id, drop column impersonation_reason',
    );
  }
}

// No row for a session of somebody who is who they are.
const IMPERSONATION = `returns table (impersonator_id uuid, holds boolean, grants text[]) language sql stable as $$
  select s.impersonator_id, exists (select 1 from sessions o join users i on i.tenant_id = o.tenant_id and i.id = o.user_id
    where o.tenant_id = s.tenant_id and o.id = s.impersonator_session_id and o.user_id = s.impersonator_id
      and o.revoked_at is null and o.expires_at > at and o.absolute_expires_at > at and i.status = 'active'),
    array(select distinct unnest(r.grants) from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
      where ur.tenant_id = s.tenant_id and ur.user_id = s.impersonator_id)
  from sessions s where s.tenant_id = in_tenant and s.id = session and s.impersonator_id is not null $$`;
