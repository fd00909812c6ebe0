import type { PayloadOf } from '@app/kernel';
import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DuplicateScans } from './duplicate-scans.service.js';
import { ScanDuplicates } from './duplicates.jobs.js';

@Injectable()
export class DuplicatesWorker {
  constructor(private readonly scans: DuplicateScans) {}

  @Handles(ScanDuplicates)
  scan({ scanId }: PayloadOf<typeof ScanDuplicates>): Promise<void> {
    return this.scans.step(scanId);
  }
}
