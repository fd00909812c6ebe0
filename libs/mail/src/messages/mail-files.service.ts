import { Database, FileStore, toDownload } from '@app/platform';
import { Injectable, type StreamableFile } from '@nestjs/common';
import { MailsQueries, type StoredPart } from './mails.queries.js';

/** The stored bytes of a mail, for those who may read it. */
@Injectable()
export class MailFiles {
  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly queries: MailsQueries,
  ) {}

  /**
   * The raw source holds what the parsed mail does not show: who took it is on record.
   * @throws RecordNotFound, SourceDeleted, MailHidden, FileMissing
   */
  async raw(id: string): Promise<StreamableFile> {
    const part = await this.queries.raw(id);
    await this.db.audit('mails', id, 'source_read', part.isShown ? {} : { after: { hidden: true } });
    return this.download(part);
  }

  /** Of a mail that is kept from whoever asks, on record. @throws RecordNotFound, MailHidden, FileMissing */
  async attachment(id: string, attachmentId: string): Promise<StreamableFile> {
    const part = await this.queries.attachment(id, attachmentId);
    if (!part.isShown) await this.db.audit('mails', id, 'revealed', { after: { attachmentId } });
    return this.download(part);
  }

  private async download(part: StoredPart): Promise<StreamableFile> {
    return toDownload(await this.files.open(part.hash), part);
  }
}
