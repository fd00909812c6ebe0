import { currentTenantId, Database, Provides, type StoredFiles, StoredFilesPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** The stored bytes that mails are made of. */
@Injectable()
@Provides(StoredFilesPort)
export class MailBytes implements StoredFiles {
  constructor(private readonly db: Database) {}

  async names(hash: string): Promise<boolean> {
    const found = await this.db.one<{ isNamed: boolean }>(
      `select exists (select 1 from mails where tenant_id = $1 and raw_hash = $2 and source_deleted_at is null)
         or exists (select 1 from mail_attachments where tenant_id = $1 and hash = $2) as "isNamed"`,
      [currentTenantId(), hash],
    );
    return found?.isNamed === true;
  }
}
