import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A tenant is deleted for good when the time to be kept is over: row by row, past every protection, and only then. */
export class ClosingTenants1764001550000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table tenants add delete_at timestamptz(3), drop constraint tenants_status_is_known,
      add constraint tenants_status_is_known check (status in ('active', 'suspended', 'locked', 'closing')),
      add constraint tenants_closing_have_a_time check ((status = 'closing') = (delete_at is not null))`);
    await q.query(IS_DUE);
    await q.query('alter function assert_tenant_is_due(uuid, timestamptz) owner to nexus_definer');
    await q.query('revoke all on function assert_tenant_is_due(uuid, timestamptz) from public');
    await createDoor(q, 'tenant_erase(of_tenant uuid, of_table text, most int, at timestamptz)', ERASE);
    await createDoor(q, 'tenant_erase_last(of_tenant uuid, at timestamptz)', erasingLast());
  }

  async down(q: QueryRunner): Promise<void> {
    for (const signature of DOORS) await dropFunction(q, signature);
    await q.query(
      `select set_config('app.actor_id', '00000000-0000-8000-8000-000000000000', true), set_config('app.actor_name', 'auth.migration', true)`,
    );
    await q.query(
      `alter table tenants drop constraint tenants_closing_have_a_time, drop constraint tenants_status_is_known`,
    );
    await q.query(`update tenants set status = 'suspended', delete_at = null where status = 'closing'`);
    await q.query(`alter table tenants drop delete_at,
      add constraint tenants_status_is_known check (status in ('active', 'suspended', 'locked'))`);
  }
}

const DOORS = [
  'tenant_erase_last(uuid, timestamptz)',
  'tenant_erase(uuid, text, int, timestamptz)',
  'assert_tenant_is_due(uuid, timestamptz)',
];

const IS_DUE = `create function assert_tenant_is_due(of_tenant uuid, at timestamptz) returns void language plpgsql stable set search_path = pg_catalog, public as $$
begin
  if not exists (select 1 from tenants t where t.id = of_tenant and t.status = 'closing' and t.delete_at <= at) then
    raise exception 'the tenant is not to be deleted' using errcode = 'NX003';
  end if;
end $$`;

// `most`: of the rows, so that no statement lasts; null for all, where rows of the table refer to each other.
const ERASE = `returns int language plpgsql volatile as $$
declare gone int;
begin
  perform assert_tenant_is_due(of_tenant, at);
  if of_table = 'tenants' or not exists (select 1 from pg_policies p where p.schemaname = 'public' and p.tablename = of_table and p.policyname = 'tenant') then
    raise exception '% is no table of tenants', of_table using errcode = 'NX003';
  end if;
  execute format('delete from %1$I where ctid = any (array(select ctid from %1$I where tenant_id = $1 limit $2))', of_table) using of_tenant, most;
  get diagnostics gone = row_count;
  return gone;
end $$`;

// The deletions are audited like any other, so the trail goes after them; the job's own delivery and the hold go with it.
export const erasingLast = (before = ''): string => `returns void language plpgsql volatile as $$
declare t text;
begin
  perform assert_tenant_is_due(of_tenant, at);
  ${before}delete from tenants where id = of_tenant;
  for t in select p.tablename from pg_policies p where p.schemaname = 'public' and p.policyname = 'tenant' and p.tablename <> 'tenants'
    order by p.tablename = 'outbox', p.tablename = 'audit_log', p.tablename
  loop
    execute format('delete from %I where tenant_id = $1', t) using of_tenant;
  end loop;
end $$`;
