import { currentTenantId, Database, type ImportOutcome } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { RecordImport } from './import.entity.js';

type Pass = Pick<RecordImport, 'id' | 'pass'>;
export type JudgedRow = ImportOutcome & { readonly number: number; readonly cells: readonly string[] };
export type DoneRow = {
  readonly id: string;
  readonly recordId: string;
  readonly outcome: 'created' | 'updated';
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
};

// The first row that says something has it: of rows of one portion as of those before.
const CLAIM = `with said as (select k.key, min(k.number) as number from jsonb_to_recordset($4::jsonb) k(key text, number int) group by k.key),
  fresh as (insert into import_keys (tenant_id, import_id, pass, key, number) select $1, $2, $3, s.key, s.number from said s
    on conflict do nothing returning key, number)
  select s.key, coalesce(f.number, k.number) as number from said s left join fresh f on f.key = s.key
    left join import_keys k on k.tenant_id = $1 and k.import_id = $2 and k.pass = $3 and k.key = s.key`;

/** What became of each row of a file, and which row said what first. */
@Injectable()
export class ImportRows {
  constructor(private readonly db: Database) {}

  /** By key the row that says it first. */
  async claim({ id, pass }: Pass, keys: readonly { key: string; number: number }[]): Promise<Map<string, number>> {
    if (keys.length === 0) return new Map();
    const rows = await this.db.query<{ key: string; number: number }>(CLAIM, [
      currentTenantId(),
      id,
      pass,
      JSON.stringify(keys),
    ]);
    return new Map(rows.map(({ key, number }) => [key, number]));
  }

  /** The cells of a row are kept where it was refused, for the file of errors. */
  async keep({ id, pass }: Pass, rows: readonly JudgedRow[]): Promise<void> {
    const kept = rows.map(({ number, outcome, recordId, before, after, refusal, cells }) => ({
      ...{ number, outcome, record_id: recordId, before, after },
      ...(refusal && { code: refusal.code, detail: refusal.detail, field: refusal.field, cells }),
    }));
    await this.db.query(
      `insert into import_rows (tenant_id, import_id, pass, number, outcome, record_id, before, after, code, detail, field, cells)
        select $1, $2, $3, r.number, r.outcome, r.record_id, r.before, r.after, r.code, r.detail, r.field, r.cells
        from jsonb_populate_recordset(null::import_rows, $4::jsonb) r`,
      [currentTenantId(), id, pass, JSON.stringify(kept)],
    );
  }

  /** What earlier readings left. */
  async forgetEarlier({ id, pass }: Pass): Promise<void> {
    for (const table of ['import_rows', 'import_keys'])
      await this.db.query(`delete from ${table} where tenant_id = $1 and import_id = $2 and pass < $3`, [
        currentTenantId(),
        id,
        pass,
      ]);
  }

  /** What is still to be taken back: the last first, so that what two rows did to one record is undone in turn. */
  undoable({ id, pass }: Pass, most: number): Promise<DoneRow[]> {
    return this.db.query<DoneRow>(
      `select r.id, r.record_id as "recordId", r.outcome, coalesce(r.before, '{}') as before, coalesce(r.after, '{}') as after
        from import_rows r where r.tenant_id = $1 and r.import_id = $2 and r.pass = $3 and r.outcome in ('created', 'updated')
        order by r.number desc limit ${most}`,
      [currentTenantId(), id, pass],
    );
  }

  async settle(rows: readonly { id: string; outcome: string; code?: string; detail?: string }[]): Promise<void> {
    await this.db.query(
      `update import_rows t set outcome = r.outcome, code = r.code, detail = r.detail
        from jsonb_to_recordset($2::jsonb) r(id uuid, outcome text, code text, detail text)
        where t.tenant_id = $1 and t.id = r.id`,
      [currentTenantId(), JSON.stringify(rows)],
    );
  }
}
