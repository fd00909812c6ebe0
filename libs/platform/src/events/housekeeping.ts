import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import { Every } from './ticks.js';

const BATCH = 2000;

/** Drops what has served its time, a little at a time. Safe in every worker at once: the statements skip locked rows. */
@Injectable()
export class Housekeeping {
  constructor(private readonly db: Database) {}

  /** Events whose deliveries are all done stay a week, for those who ask what happened; dead letters stay until redriven. */
  @Every(60)
  async dropDeliveredEvents(): Promise<void> {
    await this.db.query("select outbox_purge(interval '7 days', $1)", [BATCH]);
  }

  @Every(600)
  async dropStoredAnswers(): Promise<void> {
    await this.db.query("select idempotency_purge(interval '24 hours')");
  }
}
