import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SnapshotForecast } from './snapshots.jobs.js';
import { SnapshotsService } from './snapshots.service.js';

@Injectable()
export class SnapshotsWorker {
  constructor(private readonly snapshots: SnapshotsService) {}

  @Handles(SnapshotForecast)
  keep(): Promise<void> {
    return this.snapshots.keep();
  }
}
