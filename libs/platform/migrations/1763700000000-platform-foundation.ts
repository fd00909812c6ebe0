import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDoor, createTenantTable, dropFunction, dropTables } from '../src/database/migrating.js';

/** The ground rules every context's tables stand on: the tenant, forced policies, the audit trigger, outbox and inbox. */
export class PlatformFoundation1763700000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('grant select on migrations to nexus_app');
    await q.query(APP_TENANT);
    await q.query('grant execute on function app_tenant() to nexus_app, nexus_definer');
    await q.query(PROTECT);
    await this.createAuditLog(q);
    await this.createOutbox(q);
    await this.createIdempotency(q);
    await this.createSchedules(q);
  }

  private async createAuditLog(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'audit_log', AUDIT_COLUMNS, { audit: false, because: 'it is the audit trail' });
    await q.query('revoke insert, update, delete on audit_log from nexus_app');
    await q.query('create index audit_log_of_entity on audit_log (tenant_id, entity, entity_id, id)');
    await q.query('create index audit_log_of_actor on audit_log (tenant_id, actor_id, id)');
    await q.query('create index audit_log_of_request on audit_log (tenant_id, request_id, id)');
    await createDoor(q, 'audit_row()', AUDIT_ROW);
    await q.query('revoke execute on function audit_row() from nexus_app');
    await createDoor(
      q,
      'audit_record(of_entity text, of_id text, of_action text, of_before jsonb, of_after jsonb)',
      AUDIT_RECORD,
    );
  }

  private async createOutbox(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'outbox', OUTBOX_COLUMNS, {
      audit: false,
      because: 'it tells of changes that are audited themselves',
    });
    await q.query('create index outbox_due on outbox (run_at) where published_at is null');
    await createTenantTable(q, 'deliveries', DELIVERY_COLUMNS, {
      audit: false,
      because: 'the inbox: bookkeeping of listeners',
    });
    await q.query("create index deliveries_open on deliveries (due_at) where state in ('pending', 'running')");
    await q.query("create index deliveries_dead on deliveries (tenant_id, updated_at) where state = 'dead'");
    await createDoor(q, 'outbox_take(routes jsonb, most int, lease_seconds int)', OUTBOX_TAKE);
    await createDoor(q, 'deliveries_due(most int, lease_seconds int)', DELIVERIES_DUE);
    await createDoor(q, 'outbox_stats()', OUTBOX_STATS);
    await createDoor(q, 'outbox_purge(older_than interval, most int)', OUTBOX_PURGE);
  }

  private async createIdempotency(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'idempotency', IDEMPOTENCY_COLUMNS, {
      audit: false,
      because: 'stored answers, gone after a day',
    });
    await q.query('create index idempotency_age on idempotency (at)');
    await createDoor(q, 'idempotency_purge(older_than interval)', IDEMPOTENCY_PURGE);
  }

  private async createSchedules(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'schedules', SCHEDULE_COLUMNS, {
      audit: false,
      because: 'next_run_at moves with every run',
    });
    await q.query('create index schedules_next on schedules (next_run_at)');
    await createDoor(q, 'schedules_due(most int)', SCHEDULES_DUE);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const signature of DOORS) await dropFunction(q, signature);
    await dropTables(q, 'schedules', 'idempotency', 'deliveries', 'outbox', 'audit_log');
    for (const signature of ['audit_row()', 'protect_tenant_table(text)', 'app_tenant()'])
      await dropFunction(q, signature);
  }
}

const DOORS = [
  'schedules_due(int)',
  'idempotency_purge(interval)',
  'outbox_purge(interval, int)',
  'outbox_stats()',
  'deliveries_due(int, int)',
  'outbox_take(jsonb, int, int)',
  'audit_record(text, text, text, jsonb, jsonb)',
];

// nullif: after `set_config(…, true)` has ended the setting is '' and not null, and ''::uuid would be an error instead of "no rows"
const APP_TENANT = `create function app_tenant() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$`;

// the subselect makes the tenant an init plan: evaluated once a statement, so that indexes led by tenant_id are used
const PROTECT = `create function protect_tenant_table(name text) returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy tenant on %I using (tenant_id = (select app_tenant())) with check (tenant_id = (select app_tenant()))', name);
  execute format('grant select, insert, update, delete on %I to nexus_app, nexus_definer', name);
end $$`;

const AUDIT_COLUMNS = `
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  txid xid8 not null default pg_current_xact_id(),
  actor_id uuid not null, actor_name text not null, request_id text,
  entity text not null, entity_id text not null, action text not null,
  before jsonb, after jsonb`;

const AUDIT_ROW = `returns trigger language plpgsql as $$
declare
  hidden text[] := string_to_array(coalesce(tg_argv[0], ''), ',');
  b jsonb; a jsonb; r jsonb; who text := nullif(current_setting('app.actor_id', true), '');
begin
  if who is null then
    raise exception 'a write to % without an actor', tg_table_name using errcode = 'NX001';
  end if;
  if tg_op <> 'INSERT' then b := to_jsonb(old) - hidden; end if;
  if tg_op <> 'DELETE' then a := to_jsonb(new) - hidden; end if;
  if tg_op = 'UPDATE' then
    r := to_jsonb(new);
    select coalesce(jsonb_object_agg(k, b->k), '{}'), coalesce(jsonb_object_agg(k, a->k), '{}') into b, a
      from jsonb_object_keys(a) k where a->k is distinct from b->k and k not in ('version', 'updated_at');
    if a = '{}' and to_jsonb(new) - '{version,updated_at}'::text[] = to_jsonb(old) - '{version,updated_at}'::text[] then return null; end if;
  else r := coalesce(to_jsonb(new), to_jsonb(old)); end if;
  insert into audit_log (tenant_id, actor_id, actor_name, request_id, entity, entity_id, action, before, after)
  values ((r->>'tenant_id')::uuid, who::uuid, coalesce(nullif(current_setting('app.actor_name', true), ''), who),
          nullif(current_setting('app.request_id', true), ''), tg_table_name, r->>coalesce(tg_argv[1], 'id'),
          case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end, b, a);
  return null;
end $$`;

const AUDIT_RECORD = `returns void language plpgsql as $$
declare who text := nullif(current_setting('app.actor_id', true), '');
begin
  if who is null or app_tenant() is null then raise exception 'an audit record without an actor' using errcode = 'NX001'; end if;
  insert into audit_log (tenant_id, actor_id, actor_name, request_id, entity, entity_id, action, before, after)
  values (app_tenant(), who::uuid, coalesce(nullif(current_setting('app.actor_name', true), ''), who),
          nullif(current_setting('app.request_id', true), ''), of_entity, of_id, of_action, of_before, of_after);
end $$`;

const OUTBOX_COLUMNS = `
  id uuid not null, kind text not null default 'event' check (kind in ('event', 'job')),
  type text not null, payload jsonb not null, version int,
  actor_id uuid not null, actor_name text not null, request_id text,
  run_at timestamptz not null default clock_timestamp(), at timestamptz not null default clock_timestamp(), published_at timestamptz`;

const DELIVERY_COLUMNS = `
  event_id uuid not null, listener text not null,
  state text not null default 'pending' check (state in ('pending', 'running', 'done', 'dead')),
  attempts int not null default 0, generation int not null default 0, due_at timestamptz not null default clock_timestamp(),
  last_error text, created_at timestamptz not null default clock_timestamp(), updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, event_id, listener),
  foreign key (tenant_id, event_id) references outbox (tenant_id, id) on delete cascade`;

// No "id > last" cursor: commit order is not id order, and a late commit would be skipped for ever. A job that this worker
// has no handler for stays for one that has: this may be the older version beside a newer API, or one of fewer contexts.
export const OUTBOX_TAKE = `returns table (tenant_id uuid, event_id uuid, listener text, generation int) language sql volatile as $$
  with taken as (
    select o.tenant_id, o.id, o.type from outbox o where o.published_at is null and o.run_at <= clock_timestamp()
      and (o.kind = 'event' or routes ? o.type)
    order by o.run_at limit most for update skip locked),
  marked as (update outbox o set published_at = clock_timestamp() from taken t where o.tenant_id = t.tenant_id and o.id = t.id)
  insert into deliveries (tenant_id, event_id, listener, due_at)
    select t.tenant_id, t.id, l.name, clock_timestamp() + make_interval(secs => lease_seconds)
    from taken t, jsonb_array_elements_text(routes -> t.type) l(name)
    on conflict do nothing
    returning deliveries.tenant_id, deliveries.event_id, deliveries.listener, deliveries.generation $$`;

// What is due again: a retry whose time has come, a job that Redis lost, a worker that died. Its next generation is a new Bull id.
export const DELIVERIES_DUE = `returns table (tenant_id uuid, event_id uuid, listener text, generation int) language sql volatile as $$
  with due as (
    select d.tenant_id, d.event_id, d.listener from deliveries d where d.state in ('pending', 'running') and d.due_at <= clock_timestamp()
    order by d.due_at limit most for update skip locked)
  update deliveries d set generation = d.generation + 1, due_at = clock_timestamp() + make_interval(secs => lease_seconds), updated_at = clock_timestamp()
    from due where d.tenant_id = due.tenant_id and d.event_id = due.event_id and d.listener = due.listener
    returning d.tenant_id, d.event_id, d.listener, d.generation $$`;

export const OUTBOX_STATS = `returns table (pending bigint, lag_seconds float8, open bigint, dead bigint) language sql stable as $$
  select (select count(*) from outbox where published_at is null and run_at <= clock_timestamp()),
    coalesce((select extract(epoch from clock_timestamp() - min(run_at)) from outbox where published_at is null and run_at <= clock_timestamp()), 0)::float8,
    (select count(*) from deliveries where state in ('pending', 'running')),
    (select count(*) from deliveries where state = 'dead') $$`;

const OUTBOX_PURGE = `returns bigint language sql volatile as $$
  with old as (
    select o.tenant_id, o.id from outbox o where o.published_at < clock_timestamp() - older_than
      and not exists (select 1 from deliveries d where d.tenant_id = o.tenant_id and d.event_id = o.id and d.state <> 'done')
    limit most for update skip locked),
  gone as (delete from outbox o using old where o.tenant_id = old.tenant_id and o.id = old.id returning 1)
  select count(*) from gone $$`;

const IDEMPOTENCY_COLUMNS = `
  key_hash bytea not null, fingerprint bytea not null, status int not null, body jsonb, location text,
  at timestamptz not null default clock_timestamp(), primary key (tenant_id, key_hash)`;

const IDEMPOTENCY_PURGE = `returns bigint language sql volatile as $$
  with gone as (delete from idempotency where at < clock_timestamp() - older_than returning 1) select count(*) from gone $$`;

const SCHEDULE_COLUMNS = `
  name text not null, cron text not null, zone text not null, next_run_at timestamptz not null, last_run_at timestamptz,
  primary key (tenant_id, name)`;

const SCHEDULES_DUE = `returns table (tenant_id uuid, name text, cron text, zone text, next_run_at timestamptz) language sql volatile as $$
  select s.tenant_id, s.name, s.cron, s.zone, s.next_run_at from schedules s where s.next_run_at <= clock_timestamp()
  order by s.next_run_at limit most for update skip locked $$`;
