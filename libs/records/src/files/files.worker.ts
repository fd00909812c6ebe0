import type { PayloadOf } from '@app/kernel';
import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FileBytes } from './file-bytes.js';
import { ForgetBytes, ScanFile } from './files.jobs.js';

/** At last one an hour: a scanner may be away for a week before somebody must say that it is back. */
const SCAN_ATTEMPTS = 180;

@Injectable()
export class FilesWorker {
  constructor(private readonly bytes: FileBytes) {}

  @Handles(ScanFile, { mode: 'effect', timeoutSeconds: 120, attempts: SCAN_ATTEMPTS })
  scanFile({ versionId }: PayloadOf<typeof ScanFile>): Promise<void> {
    return this.bytes.scan(versionId);
  }

  @Handles(ForgetBytes)
  forgetBytes({ hash }: PayloadOf<typeof ForgetBytes>): Promise<void> {
    return this.bytes.forget(hash);
  }
}
