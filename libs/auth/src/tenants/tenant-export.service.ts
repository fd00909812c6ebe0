import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Clock } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type TenantTable, TenantTables, type Within } from './tenant-tables.queries.js';

/**
 * Everything the tenant has, as NDJSON: a line `head`, a line for each row, a line `end` with the number of rows of each
 * table and the SHA-256 of all lines before it. What opens anything (hashes of passwords and keys, sessions, codes) is left
 * out, each named by its context. Read page by page: a still picture is one of a suspended tenant.
 */
@Injectable()
export class TenantExport {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tables: TenantTables,
  ) {}

  /** Put on record before the first line leaves. */
  async stream(): Promise<Readable> {
    const tables = await this.tables.all();
    const tenantId = currentTenantId();
    await this.db.audit('tenants', tenantId, 'exported', { after: { tables: tables.length } });
    const head = { kind: 'head', format: 1, tenantId, at: this.clock.now().toISOString() };
    return Readable.from(this.lines(head, tables, this.tables.asNow()), { objectMode: false });
  }

  private async *lines(head: object, tables: readonly TenantTable[], within: Within): AsyncGenerator<string> {
    const hash = createHash('sha256');
    const counts: Record<string, number> = {};
    const told = (text: string): string => {
      hash.update(text);
      return text;
    };
    yield told(line(head));
    for (const table of tables) {
      counts[table.name] = 0;
      for await (const page of this.tables.pages(table, within)) {
        counts[table.name] = (counts[table.name] ?? 0) + page.length;
        yield told(page.map(({ row }) => line({ kind: 'row', table: table.name, row })).join(''));
      }
    }
    yield line({ kind: 'end', counts, sha256: hash.digest('hex') });
  }
}

const line = (told: object): string => `${JSON.stringify(told)}\n`;
