import { isId, NotFound } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import { defineFields, type ListQuery, type ListSpec, type Page, readPage } from '../lists/index.js';
import { currentTenantId } from '../scope/index.js';
import type { DeadLetterView } from './dead-letters.dto.js';

const VIEW: Readonly<Record<keyof DeadLetterView, string>> = {
  id: "d.event_id::text || '.' || d.listener",
  type: 'o.type',
  listener: 'd.listener',
  attempts: 'd.attempts',
  lastError: 'd.last_error',
  occurredAt: 'o.at',
  diedAt: 'd.updated_at',
};

export const DeadLetterList: ListSpec = {
  fields: defineFields({
    id: { type: 'text', column: VIEW.id, operators: ['eq', 'in'] },
    type: { type: 'text', column: VIEW.type },
    listener: { type: 'text', column: VIEW.listener },
    occurredAt: { type: 'instant', column: VIEW.occurredAt, sortable: true },
    diedAt: { type: 'instant', column: VIEW.diedAt, sortable: true },
  }),
  defaultSort: '-diedAt',
  outputs: Object.keys(VIEW),
};

const SETTLE = `update deliveries set state = $4, attempts = case $4 when 'pending' then 0 else attempts end,
    due_at = clock_timestamp(), updated_at = clock_timestamp()
  where tenant_id = $1 and event_id = $2 and listener = $3 and state = 'dead' returning 1`;

export class DeadLetterUnknown extends NotFound {
  constructor(id: string) {
    super('not_found', `There is no dead letter ${id}`, { id });
  }
}

/** Deliveries that failed on every attempt: visible, and redrivable once the cause is mended. Each verb is audited. */
@Injectable()
export class DeadLetters {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<DeadLetterView>> {
    return readPage<DeadLetterView>(this.db, {
      select: VIEW,
      from: 'deliveries d join outbox o on o.tenant_id = d.tenant_id and o.id = d.event_id',
      where: "d.tenant_id = $1 and d.state = 'dead'",
      params: [currentTenantId()],
      query,
      spec: DeadLetterList,
    });
  }

  /** Gives one delivery its attempts back. @throws DeadLetterUnknown */
  redrive(id: string): Promise<void> {
    return this.settle(id, 'pending', 'redriven');
  }

  /** For what must not happen any more. @throws DeadLetterUnknown */
  discard(id: string): Promise<void> {
    return this.settle(id, 'done', 'discarded');
  }

  private async settle(id: string, state: 'pending' | 'done', action: string): Promise<void> {
    const dot = id.indexOf('.');
    const [eventId, listener] = [id.slice(0, dot), id.slice(dot + 1)];
    if (!isId(eventId)) throw new DeadLetterUnknown(id);
    await this.db.transaction(async () => {
      const row = await this.db.one(SETTLE, [currentTenantId(), eventId, listener, state]);
      if (!row) throw new DeadLetterUnknown(id);
      await this.db.audit('deliveries', id, action);
    });
  }
}
