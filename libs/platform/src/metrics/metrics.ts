import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a `pg` pool tells of itself. */
export type PoolCounts = { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number };

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const LONGEST_READING = 2_000;

// Gauges that prom-client names `_total`, against the exposition format's own rule; `promtool check metrics` refuses them.
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** The process's measurements. A label's values are known when the code is written: never a tenant, an id or a URL. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer an HTTP request, by route template.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  private readonly pools = new Map<string, PoolCounts>();

  readonly outboxLag = new Gauge({
    name: 'outbox_lag_seconds',
    help: 'Age of the oldest outbox row that is due and not taken.',
    registers: [this.registry],
  });
  readonly outboxPending = new Gauge({
    name: 'outbox_pending',
    help: 'Outbox rows that are due and not taken.',
    registers: [this.registry],
  });
  readonly deliveries = new Counter({
    name: 'deliveries_total',
    help: 'Deliveries of events and jobs to a listener.',
    labelNames: ['listener', 'outcome'] as const,
    registers: [this.registry],
  });
  readonly deadDeliveries = new Counter({
    name: 'deliveries_dead_total',
    help: 'Deliveries given up after their last retry.',
    labelNames: ['listener'] as const,
    registers: [this.registry],
  });
  readonly effects = new Counter({
    name: 'effects_total',
    help: 'Effects outside (mail, SMS, gateways, webhooks, AI) by their end.',
    labelNames: ['effect', 'outcome'] as const,
    registers: [this.registry],
  });
  readonly queueJobs = new Gauge({
    name: 'queue_jobs',
    help: 'Jobs in a queue by state.',
    labelNames: ['queue', 'state'] as const,
    registers: [this.registry],
  });
  readonly queueOldest = new Gauge({
    name: 'queue_oldest_job_age_seconds',
    help: 'Age of the oldest waiting job.',
    labelNames: ['queue'] as const,
    registers: [this.registry],
  });

  private readonly readings: (() => Promise<void>)[] = [];

  constructor() {
    const pools = this.pools;
    const connections = new Gauge({
      name: 'db_pool_connections',
      help: 'Database connections of a pool by state.',
      labelNames: ['pool', 'state'] as const,
      registers: [this.registry],
      collect: () => {
        for (const [pool, counts] of pools) {
          connections.set({ pool, state: 'idle' }, counts.idleCount);
          connections.set({ pool, state: 'busy' }, counts.totalCount - counts.idleCount);
        }
      },
    });
    const waiting = new Gauge({
      name: 'db_pool_waiting_requests',
      help: 'Callers that wait for a connection of a pool.',
      labelNames: ['pool'] as const,
      registers: [this.registry],
      collect: () => {
        for (const [pool, counts] of pools) waiting.set({ pool }, counts.waitingCount);
      },
    });
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 20 });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
  }

  /** `route` is the template that matched; undefined when none did. */
  observeRequest(method: string, route: string | undefined, status: number, seconds: number): void {
    this.requests.observe(
      { method: METHODS.has(method) ? method : 'OTHER', route: route ?? 'unmatched', status },
      seconds,
    );
  }

  registerPool(name: string, pool: PoolCounts): void {
    this.pools.set(name, pool);
  }

  /** Runs before each exposition, to set gauges whose value must be asked for. One that fails or lags leaves them as they are. */
  beforeExposition(reading: () => Promise<void>): void {
    this.readings.push(reading);
  }

  /** A context's own counter; created once, however often it is asked for. */
  counter<L extends string = never>(name: `${string}_total`, help: string, labelNames: readonly L[] = []): Counter<L> {
    const before = this.registry.getSingleMetric(name);
    if (before instanceof Counter) return before;
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A context's own measure of what is now; created once, however often it is asked for. */
  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    const before = this.registry.getSingleMetric(name);
    if (before instanceof Gauge) return before;
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** A context's own duration or size; created once, however often it is asked for. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets?: number[],
  ): Histogram<L> {
    const before = this.registry.getSingleMetric(name);
    if (before instanceof Histogram) return before;
    return new Histogram({ name, help, labelNames, registers: [this.registry], ...(buckets && { buckets }) });
  }

  /** Everything in the Prometheus text format. */
  async exposition(): Promise<string> {
    await Promise.all(this.readings.map((reading) => settled(reading)));
    return this.registry.metrics();
  }
}

async function settled(reading: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LONGEST_READING)));
  const read = Promise.resolve()
    .then(reading)
    .catch(() => undefined);
  await Promise.race([read, late]);
  clearTimeout(timer);
}
