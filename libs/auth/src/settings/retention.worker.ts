import type { PayloadOf } from '@app/kernel';
import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ObeyRetention } from '../auth.jobs.js';
import { RetentionService } from './retention.service.js';

@Injectable()
export class RetentionWorker {
  constructor(private readonly retention: RetentionService) {}

  /** An effect, since its batches commit one by one: what is deleted stays deleted when a later batch fails. */
  @Handles(ObeyRetention, { mode: 'effect', timeoutSeconds: 3600 })
  obey(_: PayloadOf<typeof ObeyRetention>): Promise<void> {
    return this.retention.obey();
  }
}
