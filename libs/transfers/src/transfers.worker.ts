import type { PayloadOf } from '@app/kernel';
import { currentTenantId, Database, Handles, Provides, type StoredFiles, StoredFilesPort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RecordExport } from './exports/export.entity.js';
import { ForgetExport } from './exports/exports.jobs.js';
import { RecordImport } from './imports/import.entity.js';
import { ForgetImport } from './imports/imports.jobs.js';

/** Files come and go: their rows are deleted when their time is over, and what that leaves of bytes an hour later. */
@Injectable()
@Provides(StoredFilesPort)
export class TransfersWorker implements StoredFiles {
  constructor(private readonly db: Database) {}

  async names(hash: string): Promise<boolean> {
    const found = await this.db.one(
      `select 1 from imports where tenant_id = $1 and hash = $2 union all
        select 1 from exports where tenant_id = $1 and hash = $2 limit 1`,
      [currentTenantId(), hash],
    );
    return found !== undefined;
  }

  @Handles(ForgetImport)
  async forgetImport({ importId }: PayloadOf<typeof ForgetImport>): Promise<void> {
    const found = await this.db.find(RecordImport, importId);
    if (found) await this.db.remove(found);
  }

  @Handles(ForgetExport)
  async forgetExport({ exportId }: PayloadOf<typeof ForgetExport>): Promise<void> {
    const found = await this.db.find(RecordExport, exportId);
    if (found) await this.db.remove(found);
  }
}
