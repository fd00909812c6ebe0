import { Handles, Jobs, type Occasion } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadSettingsService } from '../settings/lead-settings.service.js';
import { CleanUpLeads } from './cleanup.jobs.js';
import { CleanupService } from './cleanup.service.js';

@Injectable()
export class CleanupWorker {
  constructor(
    private readonly settings: LeadSettingsService,
    private readonly cleanup: CleanupService,
    private readonly jobs: Jobs,
  ) {}

  /** One batch a job, each of which asks for the next in its own transaction. */
  @Handles(CleanUpLeads)
  async cleanUp(occasion: Occasion): Promise<void> {
    const { cleansUpNightly, keep } = await this.settings.current();
    if (!cleansUpNightly) return;
    const { hasMore } = await this.cleanup.run({ keep, isDryRun: false });
    if (hasMore) await this.jobs.enqueue(CleanUpLeads, occasion);
  }
}
