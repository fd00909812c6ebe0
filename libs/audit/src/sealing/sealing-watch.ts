import { Database, Metrics, runOutside } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';

const PATIENCE_SECONDS = 60;

/** What holds the sealing back: a backend of the server, or, without a `pid`, a prepared transaction. Never its query. */
export type HeldBack = {
  readonly unsealedSeconds: number;
  readonly pid: number | null;
  readonly application: string | null;
  readonly state: string | null;
  /** Of its transaction; null for a backend that the server tells nothing of. */
  readonly ageSeconds: number | null;
};

const HELD_BACK = `select unsealed_seconds as "unsealedSeconds", pid, application_name as application, state, age_seconds as "ageSeconds"
  from audit_held_back()`;

/** Sealing waits for the oldest running transaction of the server. One that does not end leaves the trail unproven, so it is named. */
@Injectable()
export class SealingWatch {
  private readonly log = new Logger('audit');

  constructor(
    private readonly db: Database,
    private readonly metrics: Metrics,
  ) {}

  /** Measures, and warns when the oldest row has waited for over a minute. @returns what it warned of */
  async look(patienceSeconds = PATIENCE_SECONDS): Promise<HeldBack | undefined> {
    const held = await runOutside(() => this.db.one<HeldBack>(HELD_BACK));
    this.metrics
      .gauge('nexus_audit_unsealed_seconds', 'Age of the oldest audit row that is not in its chain yet.')
      .set(held?.unsealedSeconds ?? 0);
    if (!held || held.unsealedSeconds <= patienceSeconds) return undefined;
    this.log.warn({ ...held }, 'a transaction holds back the sealing of the audit trail');
    return held;
  }
}
