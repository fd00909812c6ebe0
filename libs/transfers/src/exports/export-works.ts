import {
  currentActor,
  Database,
  FileStore,
  holdBytes,
  type JobAtWork,
  type JobEnd,
  type LongWork,
  LongWorkPort,
  Ports,
  Provides,
  RecordExports,
  searchOf,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RecordExport } from './export.entity.js';
import { PermissionMissing } from './export.errors.js';
import { exportable } from './exports.service.js';

class Cancelled extends Error {}

/** Writes a list into a file: in one snapshot, so after a crash from its beginning. */
@Injectable()
@Provides(LongWorkPort)
export class ExportWriting implements LongWork {
  readonly kind = 'exports.write';

  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly ports: Ports,
    private readonly exports: RecordExports,
  ) {}

  async run(job: JobAtWork): Promise<boolean> {
    const { entity, format, query, hash } = await this.db.get(RecordExport, job.subjectId);
    if (hash) return true;
    const of = exportable(this.ports, entity);
    if (!currentActor().can(of.permission)) throw new PermissionMissing(of.permission.name);
    let rowCount = 0;
    const counted = async (rows: number): Promise<void> => {
      rowCount += rows;
      if (!(await job.report(rowCount))) throw new Cancelled();
    };
    try {
      const asked = await searchOf(this.ports, of.spec, query);
      const stored = await this.files.put(await this.exports.file(of, asked, format, counted));
      await this.keep(job.subjectId, { ...stored, rowCount });
      return true;
    } catch (error) {
      if (error instanceof Cancelled) return false;
      throw error;
    }
  }

  async ended(exportId: string, { state }: JobEnd): Promise<string | null> {
    const isDone = state === 'done';
    const one = await this.db.change(RecordExport, exportId, undefined, (made) =>
      made.end(isDone, isDone ? 'failed' : state),
    );
    return one.state === 'ready' ? `/api/v1/exports/${exportId}` : null;
  }

  private keep(id: string, stored: { hash: string; size: number; rowCount: number }): Promise<void> {
    return this.db.transaction(async () => {
      await holdBytes(this.db, stored.hash);
      (await this.files.open(stored.hash)).destroy(); // nobody removed it since it was put
      await this.db.change(RecordExport, id, undefined, (one) => one.store(stored));
    });
  }
}
