import { Clock } from '@app/kernel';
import {
  Config,
  contentDisposition,
  currentActor,
  currentRequestId,
  currentTenantId,
  Database,
  FileStore,
  MIME_TYPES,
  RecordNotFound,
  runAsSystem,
  SignedLinks,
} from '@app/platform';
import { Injectable, StreamableFile } from '@nestjs/common';
import { RecordExport } from './export.entity.js';
import { ExportLinkUnknown } from './export.errors.js';
import { LINK_LIFE_MS } from './export.policy.js';

/** How the file leaves: by a link that is signed for whoever asked for it, and soon over. */
@Injectable()
export class ExportDownloads {
  private readonly links: SignedLinks;

  constructor(
    config: Config,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly files: FileStore,
  ) {
    this.links = new SignedLinks(config.JWT_SECRET, 'nexus export links 1', LINK_LIFE_MS);
  }

  /** On record. @throws RecordNotFound, ExportNotReady */
  async linkTo(exportId: string): Promise<{ url: string; expiresAt: Date }> {
    const one = await this.db.find(RecordExport, exportId);
    if (one?.createdBy !== currentActor().id) throw new RecordNotFound('export', exportId);
    const { rowCount: rows, entity, file } = one;
    const { token, expiresAt } = this.links.sign({ tenantId: currentTenantId(), id: one.id }, this.clock.now());
    await this.db.audit('exports', exportId, 'linked', { after: { entity, rows, sha256: file } });
    return { url: `/api/v1/exports/content/${token}`, expiresAt };
  }

  /** @throws ExportLinkUnknown, FileMissing */
  download(token: string): Promise<StreamableFile> {
    const linked = this.links.read(token, this.clock.now());
    if (!linked) throw new ExportLinkUnknown();
    return runAsSystem(linked.tenantId, 'exports.download', currentRequestId(), async () => {
      const one = await this.db.find(RecordExport, linked.id);
      if (!one) throw new ExportLinkUnknown();
      return new StreamableFile(await this.files.open(one.file), {
        type: MIME_TYPES[one.format],
        disposition: contentDisposition(`${one.entity}.${one.format}`),
        ...(one.size !== null && { length: one.size }),
      });
    });
  }
}
