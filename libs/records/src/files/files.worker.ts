import type { PayloadOf } from '@app/kernel';
import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FileBytes } from './file-bytes.js';
import { ForgetBytes, ScanFile } from './files.jobs.js';

@Injectable()
export class FilesWorker {
  constructor(private readonly bytes: FileBytes) {}

  @Handles(ScanFile, { mode: 'effect', timeoutSeconds: 120 })
  scanFile({ versionId }: PayloadOf<typeof ScanFile>): Promise<void> {
    return this.bytes.scan(versionId);
  }

  @Handles(ForgetBytes)
  forgetBytes({ hash }: PayloadOf<typeof ForgetBytes>): Promise<void> {
    return this.bytes.forget(hash);
  }
}
