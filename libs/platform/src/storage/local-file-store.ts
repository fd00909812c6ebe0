import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isId, newId } from '@app/kernel';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/index.js';
import { currentTenantId } from '../scope/index.js';
import { FileMissing, FileStore, StoreRefuses, type StoredFile } from './file-store.js';
import { writeHashed } from './hashed-file.js';

const HASH = /^[0-9a-f]{64}$/;
/** No room, no right to write any more, or a disk that fails. */
const REFUSALS = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EIO']);
const ABANDONED_MS = 24 * 3600 * 1000;

/** A directory: `<STORAGE_DIR>/<tenant>/ab/cd/<hash>`. Written beside, synced, then renamed: a name never holds half a file. */
@Injectable()
export class LocalFileStore extends FileStore implements OnApplicationBootstrap {
  private readonly log = new Logger('storage');
  private readonly root: string;
  private readonly incoming: string;

  constructor(config: Config) {
    super();
    this.root = resolve(config.STORAGE_DIR);
    this.incoming = join(this.root, 'incoming');
  }

  /** What a killed process was writing when it died. */
  async onApplicationBootstrap(): Promise<void> {
    const names = await readdir(this.incoming).catch(() => []);
    for (const name of names) {
      const path = join(this.incoming, name);
      const written = await stat(path).catch(() => undefined);
      if (written && Date.now() - written.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
  }

  async put(content: Buffer | AsyncIterable<Buffer>, mostBytes = Number.MAX_SAFE_INTEGER): Promise<StoredFile> {
    if (Buffer.isBuffer(content)) {
      const known = await this.findStored(content);
      if (known) return known;
    }
    const path = join(this.incoming, newId());
    try {
      await makeDirectory(this.incoming);
      const stored = await writeHashed(path, Buffer.isBuffer(content) ? [content] : content, mostBytes);
      await this.settle(path, this.pathOf(stored.hash));
      return stored;
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined); // else it is swept up at a later start
      if (!REFUSALS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      this.log.error({ error: (error as Error).message }, 'a file could not be stored');
      throw new StoreRefuses();
    }
  }

  async open(hash: string): Promise<Readable> {
    const handle = await open(this.pathOf(hash)).catch(orMissing(hash));
    return handle.createReadStream();
  }

  read(hash: string): Promise<Buffer> {
    return readFile(this.pathOf(hash)).catch(orMissing(hash));
  }

  all(): AsyncIterable<StoredFile> {
    return filesUnder(join(this.root, currentTenantId()));
  }

  async remove(hash: string): Promise<void> {
    await rm(this.pathOf(hash), { force: true });
  }

  async removeAll(): Promise<void> {
    await rm(join(this.root, currentTenantId()), { recursive: true, force: true });
  }

  /** A file of another length under this name was damaged from outside: it is written again. */
  private async findStored(content: Buffer): Promise<StoredFile | undefined> {
    const hash = createHash('sha256').update(content).digest('hex');
    const path = this.pathOf(hash);
    const found = await stat(path).catch(() => undefined);
    if (found?.size !== content.length) return undefined;
    await syncDirectory(dirname(path)); // whoever renamed it may not have come so far
    return { hash, size: content.length };
  }

  private async settle(from: string, to: string): Promise<void> {
    await makeDirectory(dirname(to));
    await rename(from, to);
    await syncDirectory(dirname(to));
  }

  private pathOf(hash: string): string {
    const tenantId = currentTenantId();
    if (!HASH.test(hash) || !isId(tenantId)) throw new Error('A stored file is named by its SHA-256');
    return join(this.root, tenantId, hash.slice(0, 2), hash.slice(2, 4), hash);
  }
}

async function* filesUnder(directory: string): AsyncGenerator<StoredFile> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    const found = entry.isFile() ? await stat(path).catch(() => undefined) : undefined;
    if (found && HASH.test(entry.name)) yield { hash: entry.name, size: found.size };
  }
}

/** A new directory is an entry of its parent, and lost with it: the parents are synced too. */
async function makeDirectory(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true });
  for (let made = path; firstMade && made.startsWith(firstMade); made = dirname(made))
    await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

const orMissing =
  (hash: string) =>
  (error: unknown): never => {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new FileMissing(hash) : error;
  };
