import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import { type ListQuery, wholeList } from '../lists/index.js';
import type { Exportable } from '../ports/index.js';
import { currentActor, currentRequestId, runAs } from '../scope/index.js';
import { type ExportFormat, type ExportRow, formatted } from './formats.js';

const BATCH = 1_000;
const STALLED = '120s'; // a reader who takes nothing for so long holds no snapshot any more

/** Reads lists to their end: by a cursor of PostgreSQL's, so in one snapshot and at constant memory. */
@Injectable()
export class RecordExports {
  constructor(private readonly db: Database) {}

  /** How many rows it would have, counted no further than `most`. */
  async count(of: Exportable, query: ListQuery, most: number): Promise<number> {
    const { text, params } = this.statementOf(of, query);
    const row = await this.db.one<{ count: number }>(
      `select count(*)::int as count from (${text} limit ${most}) counted`,
      params,
    );
    return row?.count ?? 0;
  }

  /** What the actor of this moment may read, as bytes; `counted` hears how many rows were taken. */
  file(
    of: Exportable,
    query: ListQuery,
    format: ExportFormat,
    counted: (rows: number) => unknown = () => undefined,
  ): AsyncGenerator<Buffer> {
    const { names, text, params } = this.statementOf(of, query);
    return formatted(format, names, this.batches(text, params, counted));
  }

  private statementOf(of: Exportable, query: ListQuery): ReturnType<typeof wholeList> {
    const params: unknown[] = [];
    const where = of.where(currentActor(), params);
    const { columns: select, from, spec } = of;
    return wholeList({ select, from, where, params, query, spec, searchIds: of.searchIds?.bind(of) });
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
