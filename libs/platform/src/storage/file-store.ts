import type { Readable } from 'node:stream';
import { TooLarge, Unavailable } from '@app/kernel';

/** What was stored: its SHA-256 in hex is its name from now on. */
export type StoredFile = { readonly hash: string; readonly size: number };

/** A row names a file that the store does not hold: lost, or its disk is not mounted. */
export class FileMissing extends Unavailable {
  constructor(hash: string) {
    super('file_missing', 'The stored file cannot be read at the moment', { hash });
  }
}

/** The store takes nothing at the moment: its disk is full, read-only or broken. */
export class StoreRefuses extends Unavailable {
  constructor() {
    super('storage_unavailable', 'Files cannot be stored at the moment', { retryAfterSeconds: 30 });
  }
}

export class FileTooLarge extends TooLarge {
  constructor(most: number) {
    super('file_too_large', `A file may have ${most} bytes at most`, { most });
  }
}

/**
 * Bytes of a tenant, named by their own hash, so that the same bytes are stored once and a name cannot lead anywhere else.
 * Every call is about the tenant that acts. Put first, then commit the row that names the file: what a rollback leaves
 * behind is a file without a row, never a row without its file.
 */
export abstract class FileStore {
  /** Durable once it resolves. The same bytes again change nothing. @throws FileTooLarge above `mostBytes`, StoreRefuses */
  abstract put(content: Buffer | AsyncIterable<Buffer>, mostBytes?: number): Promise<StoredFile>;

  /** @throws FileMissing */
  abstract open(hash: string): Promise<Readable>;

  /** The whole file; only for what is known to be small enough. @throws FileMissing */
  abstract read(hash: string): Promise<Buffer>;

  /** Everything that the tenant has stored, one after the other: what comes or goes meanwhile is in it or not. */
  abstract all(): AsyncIterable<StoredFile>;

  /** Once no row names it any more; again changes nothing. */
  abstract remove(hash: string): Promise<void>;

  /** Everything that the tenant has stored, when it is deleted for good; again changes nothing. */
  abstract removeAll(): Promise<void>;
}
