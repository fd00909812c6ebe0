import {
  currentTenantId,
  Database,
  FileScanPort,
  FileStore,
  forgetBytes,
  Ports,
  Provides,
  type StoredFiles,
  StoredFilesPort,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FileVersion } from './file-version.entity.js';

/** The stored bytes of files: which are still named, what is found in them, and when they go. */
@Injectable()
@Provides(StoredFilesPort)
export class FileBytes implements StoredFiles {
  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly ports: Ports,
  ) {}

  async names(hash: string): Promise<boolean> {
    const found = 'select 1 from file_versions where tenant_id = $1 and hash = $2 limit 1';
    return (await this.db.one(found, [currentTenantId(), hash])) !== undefined;
  }

  forget(hash: string): Promise<void> {
    return forgetBytes(hash, { db: this.db, files: this.files, ports: this.ports });
  }

  /** Outside of any transaction. @throws whatever a scan throws that could not look: the file waits for the next attempt */
  async scan(versionId: string): Promise<void> {
    const version = await this.db.find(FileVersion, versionId);
    if (version?.state !== 'quarantined') return;
    const scans = this.ports.all(FileScanPort);
    if (!scans.length) throw new Error('The file waits for a scanner, and this process has none');
    const findings: string[] = [];
    for (const scan of scans) {
      const content = await this.files.open(version.hash);
      const finding = await scan.find(content).finally(() => content.destroy());
      if (finding !== null) findings.push(`${scan.name}: ${finding}`);
    }
    await this.db.change(FileVersion, versionId, undefined, (now) => now.judge(findings.join(', ') || null));
  }
}
