import { Database, Every, Metrics, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Comparison, verdictOf } from './completeness.policy.js';

type Standing = Comparison & { readonly isMissing: boolean; readonly isWaiting: boolean };

const STANDINGS = `select state, interval_seconds as "intervalSeconds", age, silence, claimed, listed,
  is_missing as "isMissing", is_waiting as "isWaiting" from mailbox_stats()`;

/** How many polled mailboxes of all tenants are proven complete, and why others are not, measured for the alerts. */
@Injectable()
export class CompletenessWatch {
  private readonly mailboxes;

  constructor(
    private readonly db: Database,
    metrics: Metrics,
  ) {
    this.mailboxes = metrics.gauge('mail_mailboxes', 'Polled mailboxes by their completeness, and why it is unknown.', [
      'status',
      'reason',
    ]);
  }

  @Every(60)
  async look(): Promise<void> {
    const standings = await runOutside(() => this.db.query<Standing>(STANDINGS));
    this.mailboxes.reset();
    for (const { isMissing, isWaiting, ...comparison } of standings) {
      const { status, reason } = verdictOf(comparison, { missing: Number(isMissing), waiting: Number(isWaiting) });
      this.mailboxes.inc({ status, reason: reason ?? 'none' });
    }
  }
}
