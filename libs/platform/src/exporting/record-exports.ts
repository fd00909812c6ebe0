import { Readable } from 'node:stream';
import { Invalid, RuleBroken } from '@app/kernel';
import { Injectable, StreamableFile } from '@nestjs/common';
import { Database } from '../database/index.js';
import { shownNames } from '../field-rights/index.js';
import { type ListQuery, wholeList } from '../lists/index.js';
import type { Exportable } from '../ports/index.js';
import { currentActor, currentRequestId, currentTenantId, runAs } from '../scope/index.js';
import { contentDisposition } from '../storage/index.js';
import { columnsOf, type ExportRow } from './columns.js';
import { EXPORT_FORMATS, type ExportFormat, formatted, MIME_TYPES } from './formats.js';

const BATCH = 1_000;
/** What is answered at once: a request that holds a snapshot should be soon over. */
const MOST_AT_ONCE = 10_000;

class ExportTooLarge extends RuleBroken {
  constructor(most: number) {
    super('export_too_large', `More than ${most} rows are exported by a job: POST /api/v1/exports`, { most });
  }
}
const STALLED = '120s'; // a reader who takes nothing for so long holds no snapshot any more

/** Reads lists to their end: by a cursor of PostgreSQL's, so in one snapshot and at constant memory. */
@Injectable()
export class RecordExports {
  constructor(private readonly db: Database) {}

  /** The file as an answer, and on record before its first row leaves. @throws ExportTooLarge, Invalid for an unknown format */
  async answer(of: Exportable, query: ListQuery): Promise<StreamableFile> {
    const format = formatOf(query.parameters.format);
    const rows = await this.count(of, query, MOST_AT_ONCE + 1);
    if (rows > MOST_AT_ONCE) throw new ExportTooLarge(MOST_AT_ONCE);
    await this.db.audit(of.kind, currentTenantId(), 'exported', { after: { format, rows, ...askedOf(query) } });
    return new StreamableFile(Readable.from(await this.file(of, query, format)), {
      type: MIME_TYPES[format],
      disposition: contentDisposition(`${of.kind}.${format}`),
    });
  }

  /** How many rows it would have, counted no further than `most`. */
  private async count(of: Exportable, query: ListQuery, most: number): Promise<number> {
    const { text, params } = await this.statementOf(of, query);
    const row = await this.db.one<{ count: number }>(
      `select count(*)::int as count from (${text} limit ${most}) counted`,
      params,
    );
    return row?.count ?? 0;
  }

  /** What the actor of this moment may read, as bytes; `counted` hears how many rows were taken. */
  async file(
    of: Exportable,
    query: ListQuery,
    format: ExportFormat,
    counted: (rows: number) => unknown = () => undefined,
  ): Promise<AsyncGenerator<Buffer>> {
    const { names, text, params } = await this.statementOf(of, query);
    return formatted(format, columnsOf(names, query.fields, query.known), this.batches(text, params, counted));
  }

  private statementOf(of: Exportable, query: ListQuery): ReturnType<typeof wholeList> {
    const params: unknown[] = [];
    const where = of.where(currentActor(), params);
    const { kind, columns, from, spec } = of;
    const select = shownNames(kind, columns);
    return wholeList(this.db, { select, from, where, params, query, spec, searchIds: of.searchIds?.bind(of) });
  }

  private batches(
    text: string,
    params: unknown[],
    counted: (rows: number) => unknown,
  ): AsyncGenerator<readonly ExportRow[]> {
    // read as the stream is drained, when the request's scope may be gone
    const [actor, requestId] = [currentActor(), currentRequestId()];
    const { pool } = this.db;
    const connect = () => runAs(actor, requestId, () => pool.connect());
    return (async function* () {
      const client = await connect();
      let broken: Error | undefined;
      const lost = (error: Error): void => void (broken = error);
      client.on('error', lost);
      try {
        await client.query('START TRANSACTION READ ONLY');
        await client.query(`set local idle_in_transaction_session_timeout = '${STALLED}'`);
        await client.query(`declare exported no scroll cursor for ${text}`, params);
        for (let rows: ExportRow[] = []; ;) {
          ({ rows } = await client.query<Record<string, unknown>>(`fetch ${BATCH} from exported`));
          if (rows.length) yield rows;
          await counted(rows.length);
          if (rows.length < BATCH) return;
        }
      } finally {
        await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
        client.off('error', lost);
        client.release(broken);
      }
    })();
  }
}

/** @throws Invalid */
function formatOf(text = 'csv'): ExportFormat {
  const format = EXPORT_FORMATS.find((one) => one === text);
  if (format) return format;
  const message = `must be one of ${EXPORT_FORMATS.join(', ')}`;
  const errors = [{ pointer: 'query/format', code: 'invalid_value', message }];
  throw new Invalid('invalid_query', `format ${message}`, { errors });
}

/** What of a list was asked for, for the audit trail. */
export const askedOf = ({ where, q, sort, fields }: ListQuery): object => ({
  where,
  sort: sort.map(({ field, direction }) => `${direction === 'desc' ? '-' : ''}${field.name}`),
  ...(q !== undefined && { q }),
  ...(fields && { fields }),
});
