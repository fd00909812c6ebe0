import { currentTenantId, Database, type NamedIn, type Renaming } from '@app/platform';
import { Injectable } from '@nestjs/common';

const MOVED = `t.tenant_id = $1 and t.record_kind = $5 and t.record_id = $2 and ($4::uuid[] is null or t.id = any ($4))`;
const versioned = (table: string): string =>
  `update ${table} t set record_id = $3, version = t.version + 1, updated_at = now() where ${MOVED} returning t.id`;

/** A tag that stands on both records stays where it is. */
const STATEMENTS = {
  notes: versioned('notes'),
  files: versioned('files'),
  record_tags: `update record_tags t set record_id = $3 where ${MOVED} and not exists (select 1 from record_tags same
    where same.tenant_id = t.tenant_id and same.record_kind = t.record_kind and same.tag_id = t.tag_id and same.record_id = $3)
    returning t.id`,
} as const;

/** What hangs on two records of one kind that are one. */
@Injectable()
export class Hangings {
  constructor(private readonly db: Database) {}

  /**
   * In the open transaction, in which both records are held: what hangs on `from` hangs on `to`; with `only`, none but these
   * rows. Answers the ids that it moved, by their table.
   */
  async move(kind: string, { from, to, only }: Renaming): Promise<NamedIn> {
    const moved: Record<string, readonly string[]> = {};
    for (const [table, statement] of Object.entries(STATEMENTS)) {
      const among = only?.[table];
      if (only && !among?.length) continue;
      const rows = await this.db.query<{ id: string }>(statement, [currentTenantId(), from, to, among ?? null, kind]);
      moved[table] = rows.map(({ id }) => id);
    }
    return moved;
  }
}
