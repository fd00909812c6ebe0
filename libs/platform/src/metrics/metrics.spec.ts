import { describe, expect, it } from 'vitest';
import { Metrics } from './metrics.js';

const lines = async (metrics: Metrics, name: string): Promise<string[]> =>
  (await metrics.exposition()).split('\n').filter((line) => line.startsWith(name));

describe('Metrics', () => {
  it('counts a request in its bucket, by route template', async () => {
    const metrics = new Metrics();

    metrics.observeRequest('GET', '/api/v1/customers/:id', 200, 0.03);
    metrics.observeRequest('GET', '/api/v1/customers/:id', 200, 0.2);

    const labels = 'method="GET",route="/api/v1/customers/:id",status="200"';
    const told = await lines(metrics, 'http_request_duration_seconds');
    expect(told).toContain(`http_request_duration_seconds_bucket{le="0.025",${labels}} 0`);
    expect(told).toContain(`http_request_duration_seconds_bucket{le="0.05",${labels}} 1`);
    expect(told).toContain(`http_request_duration_seconds_count{${labels}} 2`);
  });

  it('makes one series of all unknown methods and paths', async () => {
    const metrics = new Metrics();

    for (let n = 0; n < 50; n++) metrics.observeRequest(`METHOD${n}`, undefined, 404, 0.001);

    expect(await lines(metrics, 'http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{method="OTHER",route="unmatched",status="404"} 50',
    ]);
  });

  it('reads each pool when asked', async () => {
    const metrics = new Metrics();
    const pool = { totalCount: 5, idleCount: 2, waitingCount: 1 };
    metrics.registerPool('main', pool);
    await metrics.exposition();

    pool.waitingCount = 7;

    expect(await lines(metrics, 'db_pool_')).toEqual([
      'db_pool_connections{pool="main",state="idle"} 2',
      'db_pool_connections{pool="main",state="busy"} 3',
      'db_pool_waiting_requests{pool="main"} 7',
    ]);
  });

  it('asks readings first, and bears one that fails or never ends', async () => {
    const metrics = new Metrics();
    metrics.beforeExposition(async () => metrics.outboxLag.set(12));
    metrics.beforeExposition(() => Promise.reject(new Error('the database is away')));
    metrics.beforeExposition(() => new Promise(() => undefined));

    expect(await lines(metrics, 'outbox_lag_seconds')).toEqual(['outbox_lag_seconds 12']);
  });

  it('gives a context its own counter and histogram, the same however often it asks', async () => {
    const metrics = new Metrics();

    metrics.counter('responses_sent_total', 'Responses sent.', ['channel']).inc({ channel: 'email' });
    metrics.counter('responses_sent_total', 'Responses sent.', ['channel']).inc({ channel: 'email' });
    metrics.histogram('approval_seconds', 'Time to approve.').observe(3);
    metrics.histogram('approval_seconds', 'Time to approve.').observe(4);

    expect(await lines(metrics, 'responses_sent_total')).toEqual(['responses_sent_total{channel="email"} 2']);
    expect(await lines(metrics, 'approval_seconds_sum')).toEqual(['approval_seconds_sum 7']);
  });

  it('tells of deliveries, effects, queues and the event loop', async () => {
    const metrics = new Metrics();
    metrics.deliveries.inc({ listener: 'bookings.remind', outcome: 'done' });
    metrics.deadDeliveries.inc({ listener: 'bookings.remind' });
    metrics.effects.inc({ effect: 'mail', outcome: 'sent' });
    metrics.queueJobs.set({ queue: 'events', state: 'waiting' }, 3);
    metrics.queueOldest.set({ queue: 'events' }, 1.5);

    const told = (await metrics.exposition()).split('\n');
    expect(told).toContain('deliveries_total{listener="bookings.remind",outcome="done"} 1');
    expect(told).toContain('deliveries_dead_total{listener="bookings.remind"} 1');
    expect(told).toContain('effects_total{effect="mail",outcome="sent"} 1');
    expect(told).toContain('queue_jobs{queue="events",state="waiting"} 3');
    expect(told).toContainEqual(expect.stringMatching(/^nodejs_eventloop_lag_p99_seconds \d/));
  });

  it('follows the rules of the format: each described and typed, only counters end in _total', async () => {
    const told = (await new Metrics().exposition()).split('\n');
    const types = told.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ').slice(2));

    expect(types.length).toBeGreaterThan(20);
    for (const [name, type] of types) {
      expect(told).toContainEqual(expect.stringMatching(new RegExp(`^# HELP ${name} .{5,}`)));
      expect([name, type === 'counter']).toEqual([name, name!.endsWith('_total')]);
    }
  });

  it('is one set of measurements for each instance', async () => {
    const one = new Metrics();
    const other = new Metrics();

    one.outboxPending.set(5);

    expect(await lines(other, 'outbox_pending')).toEqual(['outbox_pending 0']);
  });
});
