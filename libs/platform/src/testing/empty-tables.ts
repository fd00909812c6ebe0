import type pg from 'pg';

const DEADLOCK = '40P01';

/**
 * Empties these tables and those that point to them, past every rule. By DELETE: TRUNCATE makes the files of each table and
 * index anew, some hundred of them, for a few rows. It waits as TRUNCATE does for whoever writes there, and is tried again
 * where relay, jobs and schedules, which lock in another order, meet it in a deadlock.
 */
export async function emptyTables(superuser: pg.Client, tables: readonly string[]): Promise<void> {
  const { rows } = await superuser.query<{ name: string }>(POINTING_TO, [tables]);
  const names = rows.map(({ name }) => name);
  const filled = names.map((name) => `select '${name}' as name where exists (select from ${name})`).join(' union all ');
  for (let left = 5; ; left--) {
    try {
      await superuser.query(`begin; set local session_replication_role = replica; lock table ${names.join(', ')}`);
      const found = await superuser.query<{ name: string }>(filled);
      await superuser.query(`${found.rows.map(({ name }) => `delete from ${name};`).join(' ')} commit`);
      return;
    } catch (error) {
      await superuser.query('rollback');
      if (left === 0 || (error as { code?: string }).code !== DEADLOCK) throw error;
    }
  }
}

/** Parents only: what a partitioned table is emptied of is emptied with it. */
const POINTING_TO = `
  with recursive pointing as (
    select to_regclass(name)::oid as id from unnest($1::text[]) name
    union
    select c.conrelid from pg_constraint c join pointing p on c.confrelid = p.id where c.contype = 'f')
  select id::regclass::text as name from pointing join pg_class on oid = id where not relispartition order by id`;
