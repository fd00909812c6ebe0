import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { firstRowHash, genesis, linkHash, payloadHash } from '../src/sealing/canonical.js';

export class AuditSeals1763700200000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.extendAuditLog(q);
    const because = 'it seals the audit trail';
    await createTenantTable(q, 'audit_heads', HEADS, { audit: false, because });
    await createTenantTable(q, 'audit_seals', SEALS, { audit: false, because });
    await createTenantTable(q, 'audit_checkpoints', CHECKPOINTS, { audit: false, because });
    await q.query('revoke insert, update, delete on audit_heads, audit_seals from nexus_app');
    await q.query('revoke update, delete on audit_checkpoints from nexus_app');
    await this.forbidChanges(q);
    await createDoor(q, 'audit_waiting()', WAITING);
    await createDoor(q, 'audit_seal(of_tenant uuid, most int)', sealingBy(firstRowHash));
    await createDoor(q, 'audit_tenants()', TENANTS);
    await createDoor(q, 'audit_checkpoints_due(most_rows int, most_seconds int)', CHECKPOINTS_DUE);
    await createDoor(q, 'audit_erase(of_entity text, of_id text)', ERASE);
  }

  private async extendAuditLog(q: QueryRunner): Promise<void> {
    await q.query(
      'alter table audit_log add sealed boolean not null default false, add erased_at timestamptz, add erased_by bigint',
    );
    await q.query('create index audit_log_unsealed on audit_log (tenant_id, id) where not sealed');
    await q.query('create index audit_log_by_time on audit_log (tenant_id, at, id)');
    await q.query(
      `create index audit_log_of_rare_action on audit_log (tenant_id, action, id) where action not in (${COMMON})`,
    );
  }

  private async forbidChanges(q: QueryRunner): Promise<void> {
    await q.query(APPEND_ONLY);
    for (const table of ['audit_log', 'audit_seals']) {
      await q.query(
        `create trigger append_only before update or delete on ${table} execute function audit_append_only()`,
      );
    }
  }

  async down(q: QueryRunner): Promise<void> {
    for (const signature of DOORS) await dropFunction(q, signature);
    await dropFunction(q, 'audit_append_only()');
    await dropTables(q, 'audit_checkpoints', 'audit_seals', 'audit_heads');
    await q.query('drop index audit_log_by_time, audit_log_of_rare_action');
    await q.query('alter table audit_log drop sealed, drop erased_at, drop erased_by');
  }
}

const DOORS = [
  'audit_erase(text, text)',
  'audit_checkpoints_due(int, int)',
  'audit_tenants()',
  'audit_seal(uuid, int)',
  'audit_waiting()',
];

// most rows have one of these: an index over them would help nobody
const COMMON = "'created', 'updated', 'deleted'";

const HEADS = 'seq bigint not null, link bytea not null, primary key (tenant_id)';

const SEALS = `
  seq bigint not null, audit_id bigint not null, salt uuid,
  row_hash bytea not null, before_hash bytea, after_hash bytea, link bytea not null,
  sealed_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, seq), constraint audit_seals_one_for_each_row unique (tenant_id, audit_id)`;

const CHECKPOINTS = `
  seq bigint not null, link bytea not null, at timestamptz(3) not null, key_id text not null, signature text not null,
  primary key (tenant_id, seq)`;

const APPEND_ONLY = `create function audit_append_only() returns trigger language plpgsql as $$
begin
  if current_user <> 'nexus_definer' then raise exception '% is append-only', tg_table_name using errcode = 'NX002'; end if;
  return null;
end $$`;

// A skip scan: its cost is the number of tenants that wait, not of the rows that do.
const WAITING = `returns setof uuid language sql volatile as $$
  with recursive waiting (tenant_id) as (
    (select l.tenant_id from audit_log l where not l.sealed order by l.tenant_id limit 1)
    union all
    select (select l.tenant_id from audit_log l where not l.sealed and l.tenant_id > w.tenant_id order by l.tenant_id limit 1)
    from waiting w where w.tenant_id is not null)
  select tenant_id from waiting where tenant_id is not null $$`;

// The head's row is the sequencer: whoever holds it appends, a second sealer goes elsewhere. There is no "id > last": the
// flag finds a row however late its transaction commits. Waiting for the oldest running transaction keeps the order of
// the chain near the order of time. A txid from beyond the snapshot comes from the cluster that a dump was made on: it
// runs nowhere here.
export const sealingBy = (
  rowHash: (row: string) => string,
  before = '',
): string => `returns int language plpgsql volatile as $$
declare head audit_heads; r record; first bigint;
begin
  ${before}insert into audit_heads (tenant_id, seq, link)
    select of_tenant, 0, ${genesis('of_tenant')} where not exists (select from audit_heads h where h.tenant_id = of_tenant)
    on conflict do nothing;
  select * into head from audit_heads h where h.tenant_id = of_tenant for update skip locked;
  if not found then return 0; end if;
  first := head.seq;
  for r in
    select l.id, l.salt, ${rowHash('l')} as row_hash,
      ${payloadHash('l.salt', 'l.before')} as before_hash, ${payloadHash('l.salt', 'l.after')} as after_hash
    from (select u.*, gen_random_uuid() as salt from audit_log u where u.tenant_id = of_tenant and not u.sealed
            and (u.txid < pg_snapshot_xmin(pg_current_snapshot()) or u.txid >= pg_snapshot_xmax(pg_current_snapshot()))
          order by u.id limit most) l
    order by l.id
  loop
    head.seq := head.seq + 1;
    head.link := ${linkHash('head.link', 'r')};
    insert into audit_seals (tenant_id, seq, audit_id, salt, row_hash, before_hash, after_hash, link)
      values (of_tenant, head.seq, r.id, r.salt, r.row_hash, r.before_hash, r.after_hash, head.link);
  end loop;
  if head.seq = first then return 0; end if;
  update audit_log l set sealed = true from audit_seals s
    where s.tenant_id = of_tenant and s.seq > first and l.tenant_id = of_tenant and l.id = s.audit_id;
  update audit_heads h set seq = head.seq, link = head.link where h.tenant_id = of_tenant;
  return head.seq - first;
end $$`;

const TENANTS = `returns setof uuid language sql stable as $$
  select tenant_id from audit_heads union select tenant_id from audit_checkpoints union select audit_waiting() $$`;

const CHECKPOINTS_DUE = `returns table (tenant_id uuid, seq bigint, link bytea) language sql stable as $$
  select h.tenant_id, h.seq, h.link from audit_heads h
  left join lateral (select c.seq, c.at from audit_checkpoints c where c.tenant_id = h.tenant_id order by c.seq desc limit 1) last on true
  where h.seq > coalesce(last.seq, 0)
    and (last.seq is null or h.seq - last.seq >= most_rows or last.at < clock_timestamp() - make_interval(secs => most_seconds)) $$`;

// The head is held so that no row is between being hashed and being flagged while its payload goes.
const ERASE = `returns int language plpgsql volatile as $$
declare who text := nullif(current_setting('app.actor_id', true), ''); erasure bigint; erased bigint[];
begin
  if who is null or app_tenant() is null then raise exception 'an erasure without an actor' using errcode = 'NX001'; end if;
  perform from audit_heads h where h.tenant_id = app_tenant() for update;
  insert into audit_log (tenant_id, actor_id, actor_name, request_id, entity, entity_id, action)
    values (app_tenant(), who::uuid, coalesce(nullif(current_setting('app.actor_name', true), ''), who),
            nullif(current_setting('app.request_id', true), ''), of_entity, of_id, 'erased')
    returning id into erasure;
  with emptied as (
    update audit_log l set before = null, after = null, erased_at = clock_timestamp(), erased_by = erasure
      where l.tenant_id = app_tenant() and l.entity = of_entity and l.entity_id = of_id and l.erased_at is null
        and (l.before is not null or l.after is not null)
      returning l.id)
  select array_agg(id) into erased from emptied;
  update audit_seals s set salt = null where s.tenant_id = app_tenant() and s.audit_id = any(erased);
  return coalesce(cardinality(erased), 0);
end $$`;
