import { NotFound } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import { currentTenantId } from '../scope/index.js';

export type DeadLetter = {
  eventId: string;
  listener: string;
  type: string;
  attempts: number;
  lastError: string;
  at: Date;
};

/** Deliveries that failed on every attempt: visible, and redrivable once the cause is mended. */
@Injectable()
export class DeadLetters {
  constructor(private readonly db: Database) {}

  list(limit = 100): Promise<DeadLetter[]> {
    return this.db.query<DeadLetter>(
      `select d.event_id as "eventId", d.listener, o.type, d.attempts, d.last_error as "lastError", d.updated_at as at
       from deliveries d join outbox o on o.tenant_id = d.tenant_id and o.id = d.event_id
       where d.tenant_id = $1 and d.state = 'dead' order by d.updated_at desc limit $2`,
      [currentTenantId(), limit],
    );
  }

  /** Gives one delivery its attempts back. @throws NotFound when it is not dead */
  async redrive(eventId: string, listener: string): Promise<void> {
    const [row] = await this.db.query(
      `update deliveries set state = 'pending', attempts = 0, due_at = clock_timestamp(), updated_at = clock_timestamp()
       where tenant_id = $1 and event_id = $2 and listener = $3 and state = 'dead' returning 1`,
      [currentTenantId(), eventId, listener],
    );
    if (!row) throw new NotFound('not_found', `There is no dead letter ${eventId} of ${listener}`);
  }
}
