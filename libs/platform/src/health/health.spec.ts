import { Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigModule } from '../config/index.js';
import { aConfig } from '../config/testing.js';
import { Drain, LifecycleModule } from '../lifecycle/index.js';
import { MetricsModule } from '../metrics/index.js';
import { HealthModule } from './health.module.js';
import { type HealthProbe, HealthProbes, type ProbeResult } from './health-probe.js';
import { operationalPaths } from './operational-paths.js';

@Module({ imports: [ConfigModule.forRoot(aConfig()), LifecycleModule, MetricsModule, HealthModule] })
class HealthSpecModule {}

type Body = { status: string; details: Record<string, { status: string } & Record<string, unknown>> };

describe('Health', () => {
  let app: NestFastifyApplication;

  beforeEach(async () => {
    const testing = await Test.createTestingModule({ imports: [HealthSpecModule] }).compile();
    app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    app.setGlobalPrefix('api/v1', { exclude: operationalPaths });
    await app.init();
  });
  afterEach(() => app.close());

  const probe = (name: string, critical: boolean, check: () => Promise<ProbeResult>): void => {
    app.get(HealthProbes).register({ name, critical, check } satisfies HealthProbe);
  };
  const ask = async (path: string): Promise<{ status: number; body: Body }> => {
    const response = await app.inject({ method: 'GET', url: path });
    return { status: response.statusCode, body: response.json() };
  };

  it.each([
    '/health',
    '/health/live',
    '/health/ready',
    '/api/v1/health',
    '/api/v1/health/live',
    '/api/v1/health/ready',
  ])('answers at %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it.each(['/metrics', '/api/v1/metrics'])('has the metrics at %s', async (path) => {
    const response = await app.inject({ method: 'GET', url: path });

    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.body).toContain('# TYPE http_request_duration_seconds histogram');
  });

  it('tells of each probe', async () => {
    probe('database', true, async () => ({ status: 'up', detail: { version: 18 } }));
    probe('redis', false, async () => ({ status: 'up' }));

    expect((await ask('/health')).body.details).toEqual({
      accepting: { status: 'up' },
      database: { status: 'up', version: 18 },
      redis: { status: 'up' },
    });
  });

  it('is not ready while something critical is down, and lives', async () => {
    probe('database', true, async () => ({ status: 'down', detail: { pendingMigrations: 2 } }));

    const { status, body } = await ask('/health/ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'error', details: { database: { status: 'down', pendingMigrations: 2 } } });
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('is degraded and ready while something else is down', async () => {
    probe('database', true, async () => ({ status: 'up' }));
    probe('redis', false, async () => ({ status: 'down' }));
    probe('queues', true, async () => ({ status: 'degraded', detail: { oldestSeconds: 90 } }));

    expect(await ask('/health/ready')).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        details: { redis: { status: 'degraded' }, queues: { status: 'degraded', oldestSeconds: 90 } },
      },
    });
  });

  it('takes a probe that fails for down, and tells nobody why', async () => {
    probe('database', true, () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')));

    const { status, body } = await ask('/health');
    expect(status).toBe(503);
    expect(body.details.database).toEqual({ status: 'down' });
  });

  it('takes a probe that does not answer for down', async () => {
    probe('database', true, () => new Promise(() => undefined));

    const startedAt = performance.now();
    expect((await ask('/health/ready')).status).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('is not ready from the moment it drains, and lives', async () => {
    expect((await ask('/health/ready')).status).toBe(200);

    app.get(Drain).begin();

    expect(await ask('/health/ready')).toMatchObject({
      status: 503,
      body: { details: { accepting: { status: 'down' } } },
    });
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('asks a probe once a second, however often it is asked', async () => {
    const check = vi.fn(async (): Promise<ProbeResult> => ({ status: 'up' }));
    probe('database', true, check);

    await Promise.all(Array.from({ length: 20 }, () => ask('/health/ready')));
    expect(check).toHaveBeenCalledTimes(1);

    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await ask('/health/ready');
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('asks nothing for life', async () => {
    const check = vi.fn(async (): Promise<ProbeResult> => ({ status: 'up' }));
    probe('database', true, check);

    await ask('/health/live');

    expect(check).not.toHaveBeenCalled();
  });

  it('refuses two probes of one name', () => {
    probe('database', true, async () => ({ status: 'up' }));

    expect(() => probe('database', true, async () => ({ status: 'up' }))).toThrow('registered twice');
  });
});
