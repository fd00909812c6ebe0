import type { Database } from '../database/index.js';
import type { Ports } from '../ports/port.js';
import { StoredFilesPort } from '../ports/stored-files.port.js';
import type { FileStore } from './file-store.js';
import { holdBytes } from './hold-bytes.js';

/** Unless somebody names them, by the rows that are committed: whoever is about to holds them, or stores them anew. */
export const forgetBytes = (hash: string, { db, files, ports }: { db: Database; files: FileStore; ports: Ports }) =>
  db.transaction(async () => {
    await holdBytes(db, hash);
    for (const keeper of ports.all(StoredFilesPort)) if (await keeper.names(hash)) return;
    await files.remove(hash);
  });
