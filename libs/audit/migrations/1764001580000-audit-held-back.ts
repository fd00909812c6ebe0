import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long audit rows wait to be sealed, and whose transaction they wait for. */
export class AuditHeldBack1764001580000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createDoor(q, 'audit_held_back()', HELD_BACK);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'audit_held_back()');
  }
}

// Every transaction that wrote holds a lock on its own id, which everybody may see: the oldest of them is the one that
// sealing waits for, in whichever database of the server it runs. Of foreign backends PostgreSQL tells the name and state
// only to those who may read its statistics; the text of a query is never asked for.
const HELD_BACK = `returns table (unsealed_seconds float8, pid int, application_name text, state text, age_seconds float8) language sql volatile as $$
  with waiting as (
    select min(first.at) as at from audit_waiting() w(id), lateral (
      select l.at from audit_log l where l.tenant_id = w.id and not l.sealed order by l.id limit 1) first),
  oldest as (
    select k.pid from pg_locks k where k.locktype = 'transactionid' and k.mode = 'ExclusiveLock' and k.granted
      and k.pid is distinct from pg_backend_pid() order by age(k.transactionid) desc limit 1)
  select extract(epoch from clock_timestamp() - waiting.at)::float8, oldest.pid, nullif(a.application_name, ''), a.state,
    extract(epoch from clock_timestamp() - a.xact_start)::float8
  from waiting left join oldest on true left join pg_stat_activity a on a.pid = oldest.pid
  where waiting.at is not null $$`;
