import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDoor } from '../src/database/migrating.js';
import { DELIVERIES_DUE, OUTBOX_STATS, OUTBOX_TAKE } from './1763700000000-platform-foundation.js';

const DOORS = [
  ['outbox_take(routes jsonb, most int, lease_seconds int)', OUTBOX_TAKE],
  ['deliveries_due(most int, lease_seconds int)', DELIVERIES_DUE],
  ['outbox_stats()', OUTBOX_STATS],
] as const;

/**
 * What is due is found by its index alone. A volatile function is no condition of an index: each sweep read all timers that
 * lie ahead, one for every open promise (92 ms for 200,000). The time at which the statement began is as good, since what
 * it is compared with was committed before.
 */
export class DueByIndex1763700000010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const [signature, body] of DOORS)
      await createDoor(q, signature, body.replaceAll('<= clock_timestamp()', '<= statement_timestamp()'));
  }

  async down(q: QueryRunner): Promise<void> {
    for (const [signature, body] of DOORS) await createDoor(q, signature, body);
  }
}
