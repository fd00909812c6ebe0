import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/index.js';
import { defineFailpoint, failpoint } from '../lifecycle/index.js';
import { Metrics } from '../metrics/index.js';
import { runAsSystem } from '../scope/index.js';
import type { Delivery } from './registry.js';
import { SOON } from './soon.js';
import { type Listener, Subscriptions } from './subscriptions.js';

export type Parcel = { tenantId: string; eventId: string; listener: string; generation: number };

type Begun = {
  attempts: number;
  payload: object;
  version: number | null;
  at: Date;
  actor_id: string;
  actor_name: string;
  request_id: string | null;
};

const ATTEMPTS = 8;
const TIMEOUT_SECONDS = 60;
const MOST_DELAY_SECONDS = 3600;
const HELD_SECONDS = 300; // how often a suspended tenant's work is looked at again
const OUTAGE_SECONDS = 15; // below the grace of a stopping process, which waits for this

const begunPoint = defineFailpoint('delivery.begun', 'The attempt is counted, nothing of its effect has happened.');
const handledPoint = defineFailpoint('delivery.handled', 'The effect is done, its delivery is not settled yet.');

/** Somebody newer took this delivery over while we worked: our effect must not commit. */
class Fenced extends Error {}

/**
 * Runs one listener for one event. Truth is the delivery's row, not Bull's state: its attempts count crashes too, its
 * generation fences a job that was rebuilt, and its attempt number fences a worker that came back from the dead.
 */
@Injectable()
export class DeliveryRunner {
  private readonly log = new Logger('deliveries');

  constructor(
    private readonly db: Database,
    private readonly subscriptions: Subscriptions,
    private readonly metrics: Metrics,
  ) {}

  async run(parcel: Parcel): Promise<void> {
    const listener = this.subscriptions.get(parcel.listener);
    if (!listener) return; // another deployment's listener: its own workers take the next generation
    await runAsSystem(parcel.tenantId, listener.actor, parcel.eventId, async () => {
      const begun = await this.begin(parcel, listener);
      if (!begun) return this.waitWhileHeld(parcel);
      const most = listener.options.attempts ?? ATTEMPTS;
      if (begun.attempts > most) return this.bury(parcel, begun, 'It crashed on every attempt');
      await runAsSystem(parcel.tenantId, listener.actor, begun.request_id ?? parcel.eventId, () =>
        this.attempt(parcel, listener, begun, most),
      );
    });
  }

  private async begin(parcel: Parcel, listener: Listener): Promise<Begun | undefined> {
    const lease = (listener.options.timeoutSeconds ?? TIMEOUT_SECONDS) + 5;
    return this.db.one<Begun>(
      `${SOON} update deliveries d set state = 'running', attempts = d.attempts + 1, updated_at = clock_timestamp(),
         due_at = clock_timestamp() + make_interval(secs => $5)
       from soon, outbox o where o.tenant_id = d.tenant_id and o.id = d.event_id and d.tenant_id = $1 and d.event_id = $2 and d.listener = $3
         and d.generation = $4 and d.state in ('pending', 'running')
         and ($6::boolean or not exists (select 1 from tenant_holds h where h.tenant_id = d.tenant_id))
       returning d.attempts, o.payload, o.version, o.at, o.actor_id, o.actor_name, o.request_id`,
      [
        ...[parcel.tenantId, parcel.eventId, parcel.listener, parcel.generation, lease],
        listener.options.evenSuspended ?? false,
      ],
    );
  }

  /** A suspended tenant's work keeps its tries; when the tenant works again, it is due at once (see `Holds`). */
  private async waitWhileHeld({ tenantId, eventId, listener, generation }: Parcel): Promise<void> {
    await this.db.query(
      `update deliveries d set due_at = clock_timestamp() + make_interval(secs => $5) from tenant_holds h
       where h.tenant_id = d.tenant_id and d.tenant_id = $1 and d.event_id = $2 and d.listener = $3 and d.generation = $4 and d.state = 'pending'`,
      [tenantId, eventId, listener, generation, HELD_SECONDS],
    );
  }

  private async attempt(parcel: Parcel, listener: Listener, begun: Begun, most: number): Promise<void> {
    failpoint(begunPoint);
    try {
      await this.handle(parcel, listener, begun);
      this.metrics.deliveries.inc({ listener: listener.name, outcome: 'done' });
    } catch (error) {
      if (error instanceof Fenced) return;
      this.log.warn({ listener: listener.name, event: parcel.eventId, attempt: begun.attempts, error });
      this.metrics.deliveries.inc({ listener: listener.name, outcome: 'failed' });
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const isLast = begun.attempts >= most;
      await throughOutage(() => (isLast ? this.bury(parcel, begun, reason) : this.postpone(parcel, begun, reason)));
    }
  }

  private async handle(parcel: Parcel, listener: Listener, begun: Begun): Promise<void> {
    const delivery = toDelivery(parcel, begun);
    const limit = (listener.options.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000;
    if (listener.options.mode === 'effect') {
      await within(limit, listener.handle(begun.payload, delivery));
      failpoint(handledPoint);
      await this.claim(parcel, begun);
      return;
    }
    await this.db.transaction(async () => {
      await this.claim(parcel, begun);
      await within(limit, listener.handle(begun.payload, delivery));
      failpoint(handledPoint);
    });
  }

  private async claim(parcel: Parcel, begun: Begun): Promise<void> {
    const mine = await this.settle(parcel, begun, "state = 'done', last_error = null", []);
    if (!mine) throw new Fenced();
  }

  private async postpone(parcel: Parcel, begun: Begun, reason: string): Promise<void> {
    const delay = Math.min(MOST_DELAY_SECONDS, 2 ** (begun.attempts - 1)) * (0.75 + Math.random() / 2);
    await this.settle(
      parcel,
      begun,
      "state = 'pending', last_error = $5, due_at = clock_timestamp() + make_interval(secs => $6)",
      [reason, delay],
    );
  }

  private async bury(parcel: Parcel, begun: Begun, reason: string): Promise<void> {
    await this.settle(parcel, begun, "state = 'dead', last_error = $5", [reason]);
    this.metrics.deadDeliveries.inc({ listener: parcel.listener });
    this.log.error({ listener: parcel.listener, event: parcel.eventId, reason }, 'dead letter');
  }

  private async settle(parcel: Parcel, begun: Begun, sets: string, values: unknown[]): Promise<boolean> {
    const rows = await this.db.query(
      `update deliveries set ${sets}, updated_at = clock_timestamp()
       where tenant_id = $1 and event_id = $2 and listener = $3 and attempts = $4 and state = 'running' returning 1`,
      [parcel.tenantId, parcel.eventId, parcel.listener, begun.attempts, ...values],
    );
    return rows.length > 0;
  }
}

const toDelivery = (parcel: Parcel, begun: Begun): Delivery => ({
  id: parcel.eventId,
  attempt: begun.attempts,
  version: begun.version,
  occurredAt: begun.at,
  causedBy: { actorId: begun.actor_id, actorName: begun.actor_name, requestId: begun.request_id ?? '' },
});

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const abort = new AbortController();
  const late = wait(milliseconds, undefined, { signal: abort.signal, ref: false }).then(
    () => Promise.reject(new Error(`Not done after ${milliseconds} ms`)),
    () => new Promise<never>(() => {}),
  );
  return Promise.race([work, late]).finally(() => abort.abort());
}

/** Where the database itself was the reason of a failure, saying so fails as well: without this, the delivery would wait out its lease. */
async function throughOutage(settle: () => Promise<void>): Promise<void> {
  for (let second = 0; ; second++) {
    try {
      return await settle();
    } catch (error) {
      if (second >= OUTAGE_SECONDS) throw error;
      await wait(1000);
    }
  }
}
