import { InjectQueue } from '@nestjs/bull';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bull';
import type { Redis } from 'ioredis';
import { Database } from '../database/index.js';
import { Metrics } from '../metrics/index.js';
import { RedisConnections } from '../redis/index.js';
import { runOutside } from '../scope/index.js';
import type { Parcel } from './delivery.runner.js';
import { SOON } from './soon.js';
import { Subscriptions } from './subscriptions.js';

export const DELIVERIES = 'deliveries';
export const WAKE = 'nexus:wake';

const SWEEP_MS = 1000;
const BATCH = 200;
const LEASE_SECONDS = 15; // between fan-out and the first attempt; a job that Redis lost is rebuilt after it

type TakenRow = { tenant_id: string; event_id: string; listener: string; generation: number };

/**
 * Moves the outbox on: takes what is due with SKIP LOCKED, fans each event out as one delivery per listener in the same
 * statement, and hands these to Bull. Woken by Redis after a commit, it also sweeps every second: for what Redis did not
 * tell, for retries that are due and for deliveries that Redis or a dead worker lost.
 */
@Injectable()
export class Relay {
  private readonly log = new Logger('relay');
  private timer: NodeJS.Timeout | undefined;
  private subscriber: Redis | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private lastMeasured = 0;
  private lastTakenAgain = 0;

  constructor(
    private readonly db: Database,
    private readonly redis: RedisConnections,
    private readonly subscriptions: Subscriptions,
    private readonly metrics: Metrics,
    @InjectQueue(DELIVERIES) private readonly queue: Queue<Parcel>,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.wake(), SWEEP_MS);
    this.subscriber = this.redis.create('relay');
    this.subscriber.on('message', () => this.wake());
    void this.subscriber
      .subscribe(WAKE)
      .catch((error: Error) => this.log.warn({ error: error.message }, 'no wake-ups, sweeping only'));
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.subscriber?.disconnect();
    await this.running;
  }

  wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.drain().finally(() => {
      this.running = undefined;
      if (this.again) {
        this.again = false;
        this.wake();
      }
    });
  }

  /** Takes everything that is due now; answers how many deliveries were handed to Bull. */
  async sweep(): Promise<number> {
    return (await this.takeFresh()) + (await this.takeAgain());
  }

  private takeFresh(): Promise<number> {
    const routes = JSON.stringify(this.subscriptions.routes);
    return this.handAll(`${SOON} select t.* from soon, outbox_take($1::jsonb, $2, $3) t`, [
      routes,
      BATCH,
      LEASE_SECONDS,
    ]);
  }

  private takeAgain(): Promise<number> {
    this.lastTakenAgain = Date.now();
    return this.handAll(`${SOON} select t.* from soon, deliveries_due($1, $2) t`, [BATCH, LEASE_SECONDS]);
  }

  private handAll(take: string, values: unknown[]): Promise<number> {
    return runOutside(async () => {
      const parcels = await this.db.query<TakenRow>(take, values);
      await Promise.all(parcels.map((parcel) => this.hand(parcel)));
      return parcels.length;
    });
  }

  /** One by one: `addBulk` drops, without a word, every job of a Redis that came back without its scripts. */
  private hand({ tenant_id: tenantId, event_id: eventId, listener, generation }: TakenRow): Promise<unknown> {
    // a kept id is silently ignored by Bull: the generation makes a rebuilt job a new one
    return this.queue.add(
      { tenantId, eventId, listener, generation },
      { jobId: `${eventId}:${listener}:${generation}` },
    );
  }

  private async drain(): Promise<void> {
    try {
      while (!this.stopped && (await this.takeFresh()) >= BATCH);
      // no commit wakes for these: the sweep of each second does
      const isTime = Date.now() - this.lastTakenAgain >= SWEEP_MS / 2;
      while (!this.stopped && isTime && (await this.takeAgain()) >= BATCH);
      await this.measure();
    } catch (error) {
      this.log.warn({ error: (error as Error).message }, 'the sweep failed; the next one is due in a second');
    }
  }

  private async measure(): Promise<void> {
    if (Date.now() - this.lastMeasured < 5 * SWEEP_MS) return;
    this.lastMeasured = Date.now();
    const stats = await runOutside(() =>
      this.db.one<{ pending: number; lag_seconds: number }>('select * from outbox_stats()'),
    );
    if (!stats) return;
    this.metrics.outboxPending.set(stats.pending);
    this.metrics.outboxLag.set(stats.lag_seconds);
  }
}
