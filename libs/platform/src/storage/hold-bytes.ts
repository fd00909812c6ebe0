import type { Database } from '../database/index.js';
import { currentTenantId } from '../scope/index.js';

/** Until the open transaction ends, nobody else adds or forgets these bytes. */
export const holdBytes = (db: Database, hash: string): Promise<unknown> =>
  db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`file ${currentTenantId()} ${hash}`]);
