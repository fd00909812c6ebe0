import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import type { Job } from './registry.js';

/** Leaves work for the worker: a row of the open transaction (or of its own), never a call to Redis. */
@Injectable()
export class Jobs {
  constructor(private readonly db: Database) {}

  /** `at`: not before this instant. Overdue jobs run once when a worker is back. */
  enqueue<P extends object>(job: Job<P>, payload: P, at?: Date): Promise<void> {
    return this.enqueueAll(job, [{ payload, at }]);
  }

  /** The same job for each of them, in one statement. */
  enqueueAll<P extends object>(job: Job<P>, wanted: readonly { payload: P; at?: Date }[]): Promise<void> {
    return this.db.enqueue(
      wanted.map(({ payload, at }) => ({
        id: newId(),
        kind: 'job',
        type: job.name,
        payload,
        run_at: at?.toISOString(),
      })),
    );
  }
}
