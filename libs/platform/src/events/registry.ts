import { type DomainEvent, type EventType } from '@app/kernel';
import { SetMetadata } from '@nestjs/common';

/** Work that must follow: declared once, handled by exactly one `@Handles` method of the worker. */
export type Job<P extends object> = { readonly name: string; readonly description: string; readonly payload?: P };

/** What a listener or handler is told besides the payload. Currency of the payload is not promised: read current state. */
export type Delivery = {
  readonly id: string;
  readonly attempt: number;
  /** The aggregate's version when the event was raised. */
  readonly version: number | null;
  readonly occurredAt: Date;
  readonly causedBy: { readonly actorId: string; readonly actorName: string; readonly requestId: string };
};

export type Handler = (payload: object, delivery: Delivery) => Promise<unknown>;
type TypedMethod<P> = <M extends (payload: P, delivery: Delivery) => Promise<unknown>>(
  target: object,
  key: string,
  method: TypedPropertyDescriptor<M>,
) => void;

/**
 * `transaction` (the default): the method runs inside one transaction whose first statement claims the delivery, so that
 * its effect happens once. `effect`: the method reaches outside the building and keeps its own lease; it runs outside any
 * transaction and must be safe to run twice.
 */
export type DeliveryOptions = {
  mode?: 'transaction' | 'effect';
  attempts?: number;
  timeoutSeconds?: number;
  /** Runs also while its tenant is suspended; everything else waits until it works again. */
  evenSuspended?: boolean;
};

export type Subscription = { readonly type: string; readonly kind: 'event' | 'job'; readonly options: DeliveryOptions };

const SUBSCRIBED = 'nexus:subscribed';
const jobs = new Map<string, Job<object>>();

/** `defineJob<{ messageId: string }>('messaging.deliver', '…')`: `<context>.<imperative>`. */
export function defineJob<P extends object>(name: `${string}.${string}`, description: string): Job<P> {
  if (jobs.has(name)) throw new Error(`Job ${name} is declared twice`);
  const job = Object.freeze({ name, description });
  jobs.set(name, job);
  return job;
}

export const declaredJobs = (): ReadonlyMap<string, Job<object>> => jobs;

const subscribe = <P>(subscription: Subscription): TypedMethod<P> => SetMetadata(SUBSCRIBED, subscription);

/** `@On(BookingConfirmed)`: the compiler checks the payload the method takes. Runs in the worker, once per event. */
export const On = <P extends object>(event: EventType<P>, options: DeliveryOptions = {}): TypedMethod<P> =>
  subscribe({ type: event.name, kind: 'event', options });

/** `@Handles(ReleaseHold)`: the one handler of a job. */
export const Handles = <P extends object>(job: Job<P>, options: DeliveryOptions = {}): TypedMethod<P> =>
  subscribe({ type: job.name, kind: 'job', options });

export const subscriptionOf = (method: object): Subscription | undefined =>
  Reflect.getMetadata(SUBSCRIBED, method) as Subscription | undefined;

export type { DomainEvent };
