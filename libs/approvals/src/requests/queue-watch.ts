import { Database, Every, Metrics, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';

const OLDEST = 'select oldest_seconds as oldest from approval_stats()';

/** How long approvals wait, in whichever tenant, measured for the alerts. */
@Injectable()
export class QueueWatch {
  private readonly oldest;

  constructor(
    private readonly db: Database,
    metrics: Metrics,
  ) {
    this.oldest = metrics.gauge('approvals_oldest_pending_seconds', 'Age of the oldest approval that is pending.');
  }

  @Every(30)
  async look(): Promise<void> {
    const waits = await runOutside(() => this.db.one<{ oldest: number }>(OLDEST));
    this.oldest.set(waits?.oldest ?? 0);
  }
}
