import type { QueryRunner } from 'typeorm';

/**
 * What hangs on a record goes with it, in the transaction that deletes it: no foreign key can lead to a table of many
 * kinds. A context that opts in says so with `create trigger hanging after delete on customers for each row execute
 * function forget_record('customers')`.
 */
export async function forgetFrom(q: QueryRunner, tables: readonly string[]): Promise<void> {
  const deletions = tables.map(
    (table) =>
      `delete from ${table} h where h.tenant_id = old.tenant_id and h.record_kind = tg_argv[0] and h.record_id = old.id;`,
  );
  await q.query(`create or replace function forget_record() returns trigger language plpgsql as $$
    begin
      ${deletions.join('\n      ')}
      return null;
    end $$`);
}
