import { Clock } from '@app/kernel';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { runOutside } from '../scope/index.js';
import { Database } from './database.js';

const ASK_EVERY_MS = 10_000;
/** The shorter it took, the better is known when it was that time. */
const LONGEST_ANSWER_MS = 1_000;
const MOST_OFF_MS = 2_000;
const QUESTION = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as time';

/**
 * PostgreSQL's time, the one that timers and deadlines are kept by, for every process alike. It is asked now and then and
 * goes on by the monotonic clock in between: the clock of a machine may be wrong, or jump.
 */
@Injectable()
export class DatabaseClock extends Clock implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('clock');
  private known = { time: Date.now(), at: performance.now() };
  /** How far off the machine's clock was when last looked at, in ms. */
  private off = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly source: DataSource,
  ) {
    super();
  }

  now(): Date {
    return new Date(this.known.time + performance.now() - this.known.at);
  }

  async onModuleInit(): Promise<void> {
    if (!this.source.isInitialized) return; // only described, not run
    await this.ask();
    this.timer = setInterval(() => void this.ask().catch(() => undefined), ASK_EVERY_MS).unref(); // away: go on as known
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    const asked = performance.now();
    const row = await runOutside(() => this.db.one<{ time: number }>(QUESTION));
    const answered = performance.now();
    if (!row || answered - asked > LONGEST_ANSWER_MS) return;
    this.known = { time: row.time, at: (asked + answered) / 2 };
    const off = Math.round(Date.now() - this.now().getTime());
    if (Math.abs(off) > MOST_OFF_MS && Math.abs(off - this.off) > MOST_OFF_MS)
      this.log.warn({ milliseconds: off }, 'the clock of this machine is off from that of PostgreSQL, which counts');
    this.off = off;
  }
}
