import {
  currentActor,
  currentRequestId,
  currentTenantId,
  Database,
  FileStore,
  RecordNotFound,
  runAsSystem,
  toDownload,
} from '@app/platform';
import { Injectable, type StreamableFile } from '@nestjs/common';
import { FileLinkUnknown, FileQuarantined } from './file.errors.js';
import { FileLinks } from './file-links.js';
import type { FileState } from './file.policy.js';

type Found = {
  id: string;
  number: number;
  hash: string;
  size: number;
  mimeType: string;
  state: FileState;
  name: string;
};

const FOUND = `select v.id, v.number, v.hash, v.size, v.mime_type as "mimeType", v.state, f.name
  from file_versions v join files f on f.tenant_id = v.tenant_id and f.id = v.file_id where v.tenant_id = $1`;

/** How the bytes of a file leave: by a link that is signed for whoever may read the record, and soon over. */
@Injectable()
export class FileDownloads {
  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly links: FileLinks,
  ) {}

  /** Of a file that the caller has found readable; on record. @throws RecordNotFound for an unknown number, FileQuarantined */
  async linkTo(fileId: string, number: number): Promise<{ url: string; expiresAt: Date }> {
    const found = await this.db.one<Found>(`${FOUND} and v.file_id = $2 and v.number = $3`, [
      currentTenantId(),
      fileId,
      number,
    ]);
    if (!found) throw new RecordNotFound('version of the file', String(number));
    if (found.state !== 'available') throw new FileQuarantined(found.state);
    const { token, expiresAt } = this.links.sign({ tenantId: currentActor().tenantId, versionId: found.id });
    await this.db.audit('files', fileId, 'linked', { after: { number } });
    return { url: `/api/v1/files/content/${token}`, expiresAt };
  }

  /** @throws FileLinkUnknown, FileMissing */
  download(token: string): Promise<StreamableFile> {
    const { tenantId, versionId } = this.links.read(token);
    return runAsSystem(tenantId, 'files.download', currentRequestId(), async () => {
      const found = await this.db.one<Found>(`${FOUND} and v.id = $2 and v.state = 'available'`, [tenantId, versionId]);
      if (!found) throw new FileLinkUnknown();
      return toDownload(await this.files.open(found.hash), { ...found, filename: found.name });
    });
  }
}
