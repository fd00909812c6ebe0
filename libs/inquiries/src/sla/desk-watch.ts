import { Database, Every, Metrics, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';

type DeskStats = { readonly unassigned: number; readonly breached: number; readonly nearly: number };

const STATS =
  'select unassigned_seconds as unassigned, breached::int as breached, nearly::int as nearly from desk_stats()';

/** What the desk of all tenants owes its customers, measured for the alerts. */
@Injectable()
export class DeskWatch {
  private readonly unassigned;
  private readonly breached;
  private readonly nearly;

  constructor(
    private readonly db: Database,
    metrics: Metrics,
  ) {
    this.unassigned = metrics.gauge(
      'inquiries_unassigned_oldest_seconds',
      'How long the customer behind the oldest inquiry that is nobody’s has been waiting.',
    );
    this.breached = metrics.gauge('inquiries_sla_breached', 'Promises that are broken and whose clock still runs.');
    this.nearly = metrics.gauge('inquiries_sla_nearly_breached', 'Promises that were warned of and run out next.');
  }

  @Every(30)
  async look(): Promise<void> {
    const stats = await runOutside(() => this.db.one<DeskStats>(STATS));
    if (!stats) return;
    this.unassigned.set(stats.unassigned);
    this.breached.set(stats.breached);
    this.nearly.set(stats.nearly);
  }
}
