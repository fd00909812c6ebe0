import type { Database } from '@app/platform';

export type DemoRow = Record<string, unknown>;

/** Writes rows as they are, in one statement a table; the audit trigger and the policies apply as to everybody. */
export async function insertRows(db: Database, table: string, rows: readonly DemoRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const list = columns.map((column) => `"${column}"`).join(', ');
  await db.query(
    `insert into ${table} (tenant_id, ${list}) select app_tenant(), ${list} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
