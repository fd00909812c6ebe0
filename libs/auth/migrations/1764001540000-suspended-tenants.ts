import { createDoor, dropFunction, rewriteFunctions } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A suspended tenant is read and not changed; what was suspended until now let nobody in, which is to be locked. */
export class SuspendedTenants1764001540000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.know(q, "'active', 'suspended', 'locked'", ['suspended', 'locked']);
    await q.query(
      `insert into tenant_holds (tenant_id) select id from tenants where status = 'locked' on conflict do nothing`,
    );
    await rewriteFunctions(q, ENTRANCES, ONLY_ACTIVE, NOT_LOCKED);
    await createDoor(q, 'tenant_named(of_slug text)', NAMED);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'tenant_named(text)');
    await rewriteFunctions(q, ENTRANCES, NOT_LOCKED, ONLY_ACTIVE);
    await this.know(q, "'active', 'suspended'", ['locked', 'suspended']);
  }

  private async know(q: QueryRunner, statuses: string, [from, to]: [string, string]): Promise<void> {
    await q.query('alter table tenants drop constraint tenants_status_is_known');
    await q.query(
      `select set_config('app.actor_id', '00000000-0000-8000-8000-000000000000', true), set_config('app.actor_name', 'auth.migration', true)`,
    );
    await q.query('update tenants set status = $1 where status = $2', [to, from]);
    await q.query(`alter table tenants add constraint tenants_status_is_known check (status in (${statuses}))`);
  }
}

const ENTRANCES = ['login_candidates', 'session_standing', 'session_of_refresh', 'token_standing'];
const ONLY_ACTIVE = `t.status = 'active'`;
const NOT_LOCKED = `t.status <> 'locked'`;

const NAMED = `returns table (id uuid, slug text, title text, zone text, status text) language sql stable as $$
  select t.id, t.slug, t.title, t.zone, t.status from tenants t where t.slug = of_slug $$`;
