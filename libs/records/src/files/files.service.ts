import type { Readable } from 'node:stream';
import { currentActor, Database, FileScanPort, FileStore, holdBytes, Jobs, Ports, readUpload } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Host, Hosts } from '../hosts/hosts.js';
import { FileEmpty } from './file.errors.js';
import { RecordFile } from './file.entity.js';
import { fileName } from './file-name.js';
import { FilePermissions, MOST_FILE_BYTES } from './file.policy.js';
import { fileTypeOf } from './file-type.js';
import { FileVersion, type NewVersion } from './file-version.entity.js';
import { ForgetBytes, ScanFile } from './files.jobs.js';

type Upload = Readable | undefined;
type Bytes = Pick<NewVersion, 'hash' | 'size' | 'mimeType'>;

/** Files on records: to add one is to change the record. */
@Injectable()
export class FilesService {
  constructor(
    private readonly db: Database,
    private readonly hosts: Hosts,
    private readonly files: FileStore,
    private readonly jobs: Jobs,
    private readonly ports: Ports,
  ) {}

  /** @throws RecordKindUnknown, RecordNotFound, RecordOutOfReach, and what `store` throws */
  async add({ name: given, ...host }: Host & { name: string }, upload: Upload): Promise<string> {
    await this.hosts.assertChangeable(host); // before anything is read of it
    const name = fileName(given);
    const bytes = await this.store(name, upload);
    return this.keep(host, bytes, async () => {
      const file = await this.db.create(RecordFile.add({ ...host, name, createdBy: currentActor().id }));
      await this.addVersion(file, bytes);
      return file.id;
    });
  }

  /** Of a file that the caller has found readable. @throws RecordNotFound, RecordOutOfReach, VersionConflict, and what `store` throws */
  async renew(
    { id, recordKind, recordId, name: former }: Host & { id: string; name: string },
    given: string | undefined,
    upload: Upload,
    version?: number,
  ): Promise<void> {
    const host = { recordKind, recordId };
    await this.hosts.assertChangeable(host);
    const name = given === undefined ? former : fileName(given);
    const bytes = await this.store(name, upload);
    await this.keep(host, bytes, async () => {
      const file = await this.db.lock(RecordFile, id, version);
      file.renew(name);
      await this.db.save(file);
      await this.addVersion(file, bytes);
    });
  }

  /** Of a file that the caller has found readable. @throws RecordOutOfReach, FileOfAnother, VersionConflict */
  remove({ id, recordKind, recordId }: Host & { id: string }, version?: number): Promise<void> {
    return this.db.transaction(async () => {
      await this.hosts.assertChangeable({ recordKind, recordId });
      const file = await this.db.lock(RecordFile, id, version);
      file.remove(currentActor().id, currentActor().can(FilePermissions.moderate));
      await this.db.remove(file);
    });
  }

  /** @throws NotAFile, FileEmpty, FileTypeRefused, FileTooLarge, StoreRefuses */
  private store(name: string, upload: Upload): Promise<Bytes> {
    return readUpload(upload, async (head, whole) => {
      if (head.length === 0) throw new FileEmpty();
      const mimeType = fileTypeOf(head, name);
      return { ...(await this.files.put(whole, MOST_FILE_BYTES)), mimeType };
    });
  }

  /**
   * Nobody removes the bytes between their being stored and the row that names them: see `FileBytes.forget`. Where no row
   * comes of it they are no longer wanted.
   */
  private keep<T>(host: Host, { hash }: Bytes, work: () => Promise<T>): Promise<T> {
    const kept = this.db.transaction(async () => {
      await this.hosts.assertChangeable(host);
      await holdBytes(this.db, hash);
      (await this.files.open(hash)).destroy();
      return work();
    });
    return kept.catch(async (error: unknown) => {
      await this.jobs.enqueue(ForgetBytes, { hash });
      throw error;
    });
  }

  private async addVersion({ id, latest }: RecordFile, bytes: Bytes): Promise<void> {
    const state = this.ports.all(FileScanPort).length ? 'quarantined' : 'available';
    const createdBy = currentActor().id;
    const made = await this.db.create(FileVersion.of({ ...bytes, fileId: id, number: latest, state, createdBy }));
    if (state === 'quarantined') await this.jobs.enqueue(ScanFile, { versionId: made.id });
  }
}
