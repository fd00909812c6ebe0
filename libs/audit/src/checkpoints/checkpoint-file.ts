import { access, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isId } from '@app/kernel';
import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SignedCheckpoint } from './checkpoint.js';

export type KeptOutside = {
  readonly isFound: boolean;
  readonly checkpoints: readonly SignedCheckpoint[];
  /** Lines that a crash cut off, or that are no checkpoint of this tenant. */
  readonly unreadable: number;
};

/** The copy that whoever rules the database does not rule: `<AUDIT_CHECKPOINT_DIR>/<tenant>.ndjson`. */
@Injectable()
export class CheckpointFile {
  private readonly directory: string;

  constructor(config: Config) {
    this.directory = resolve(config.AUDIT_CHECKPOINT_DIR ?? join(config.STORAGE_DIR, 'audit-checkpoints'));
  }

  /**
   * One short write to a file opened for appending: lines of several workers do not mix. On disk when it returns. Nothing is
   * left of it where the tenant's last word has been said, also when that was meanwhile.
   */
  async append(checkpoint: SignedCheckpoint): Promise<void> {
    await this.write(checkpoint);
    const isOver = await access(this.asideOf(checkpoint.tenantId)).then(() => true, ifMissing(false));
    if (isOver) await rm(this.pathOf(checkpoint.tenantId), { force: true });
  }

  private async write(checkpoint: SignedCheckpoint): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = await open(this.pathOf(checkpoint.tenantId), 'a', 0o600);
    try {
      // begins with the line's end, so that a line which a crash cut off spoils no other
      await file.write(`\n${JSON.stringify(checkpoint)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async read(tenantId: string): Promise<KeptOutside> {
    const text = await readFile(this.pathOf(tenantId), 'utf8').catch(ifMissing(undefined));
    const lines = (text ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => parse(line, tenantId));
    const checkpoints = lines.filter((line) => line !== undefined);
    return { isFound: text !== undefined, checkpoints, unreadable: lines.length - checkpoints.length };
  }

  /** A deleted tenant's: its last word, set aside before the file goes. The first one stays, however often it is said. */
  async retire(last: SignedCheckpoint): Promise<void> {
    const path = this.asideOf(last.tenantId);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, `${JSON.stringify(last)}\n`, { flag: 'wx', mode: 0o600, flush: true }).catch(ifThere);
    await rm(this.pathOf(last.tenantId), { force: true });
  }

  /** The tenants that ever had a checkpoint, also when the database no longer knows them. */
  async tenants(): Promise<string[]> {
    const names = await readdir(this.directory).catch(ifMissing([]));
    return names.map((name) => name.replace(/\.ndjson$/, '')).filter(isId);
  }

  private asideOf(tenantId: string): string {
    return join(this.directory, 'deleted', basename(this.pathOf(tenantId)));
  }

  private pathOf(tenantId: string): string {
    if (!isId(tenantId)) throw new Error('A checkpoint file is named by its tenant');
    return join(this.directory, `${tenantId}.ndjson`);
  }
}

function parse(line: string, expected: string): SignedCheckpoint | undefined {
  try {
    const { tenantId, seq, link, at, keyId, signature } = JSON.parse(line) as SignedCheckpoint;
    const texts = [tenantId, link, at, keyId, signature];
    const isWhole =
      tenantId === expected && Number.isSafeInteger(seq) && texts.every((text) => typeof text === 'string');
    return isWhole ? { tenantId, seq, link, at, keyId, signature } : undefined;
  } catch {
    return undefined;
  }
}

const ifMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
