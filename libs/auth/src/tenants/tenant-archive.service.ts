import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Clock } from '@app/kernel';
import { currentTenantId, Database, FileMissing, FileStore, type Member, type StoredFile, tar } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type TenantTable, TenantTables, type Within } from './tenant-tables.queries.js';

type Asked = { readonly tenantId: string; readonly tables: readonly TenantTable[]; readonly within: Within };

/**
 * Everything the tenant has, its files too, as one archive; of rows a page is held, of a file a piece. A file is named by the
 * hash of its bytes, so that no list of them has to be kept.
 */
@Injectable()
export class TenantArchive {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tables: TenantTables,
    private readonly files: FileStore,
  ) {}

  /** Put on record before the first byte leaves. */
  async stream(): Promise<Readable> {
    const tables = await this.tables.all();
    const tenantId = currentTenantId();
    await this.db.audit('tenants', tenantId, 'exported', { after: { tables: tables.length, files: true } });
    const members = this.members({ tenantId, tables, within: this.tables.asNow() });
    return tar(members, this.clock.now());
  }

  private async *members({ tenantId, tables, within }: Asked): AsyncGenerator<Member> {
    const at = this.clock.now().toISOString();
    const counts: Record<string, number> = {};
    const rows = createHash('sha256');
    for (const table of tables) {
      let part = 0;
      counts[table.name] = 0;
      for await (const page of this.tables.pages(table, within)) {
        counts[table.name] = (counts[table.name] ?? 0) + page.length;
        const content = Buffer.from(page.map(({ row }) => `${JSON.stringify(row)}\n`).join(''));
        rows.update(content);
        yield member(`rows/${table.name}/${String(++part).padStart(6, '0')}.ndjson`, content);
      }
    }
    const files = { count: 0, bytes: 0, damaged: [] as string[] };
    for await (const file of await within(async () => this.files.all())) {
      const stream = await within(() => this.files.open(file.hash)).catch(orGone);
      if (!stream) continue;
      const digest = createHash('sha256');
      yield* fileMember(file, stream, digest);
      files.count++;
      files.bytes += file.size;
      if (digest.digest('hex') !== file.hash) files.damaged.push(file.hash);
    }
    const manifest = { format: 1, tenantId, at, rows: { counts, sha256: rows.digest('hex') }, files };
    yield member('manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  }
}

const member = (name: string, content: Buffer): Member => ({ name, size: content.length, content: [content] });

/** Whoever stops reading leaves no file open. */
async function* fileMember({ hash, size }: StoredFile, stream: Readable, digest: Hash): AsyncGenerator<Member> {
  async function* seen(): AsyncGenerator<Buffer> {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      digest.update(piece);
      yield piece;
    }
  }
  try {
    yield { name: `files/${hash}`, size, content: seen() };
  } finally {
    stream.destroy();
  }
}

/** Removed since it was told of. */
function orGone(error: unknown): undefined {
  if (!(error instanceof FileMissing)) throw error;
}
