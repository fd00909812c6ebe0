import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, Clock, FixedClock, newId, type Permission, grantsOf } from '@app/kernel';
import type { DynamicModule, Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { aConfig } from '../config/testing.js';
import { Config } from '../config/index.js';
import { Database } from '../database/index.js';
import { prepareHttpApp } from '../http/index.js';
import { stopApp } from '../lifecycle/stop-app.js';
import { type ContextDefinition, resolveContexts } from '../modules/index.js';
import { PlatformModule } from '../platform.module.js';
import { runAs, runOutside } from '../scope/index.js';
import { platformMigrations } from '../../migrations/index.js';
import { createTestDatabase, testRedisUrl } from './databases.js';

type SliceOptions = {
  /** The contexts under test; what they use comes along. */
  contexts: ContextDefinition[];
  /** `api`: HTTP on `inject`; `worker`: the relay and the listeners run. */
  app?: 'api' | 'worker';
  /** Environment variables that differ from the tests' defaults. */
  env?: NodeJS.ProcessEnv;
  /** Stands still until the test moves it; the system's own unless given. */
  clock?: FixedClock;
  modules?: (Type | DynamicModule)[];
};

export const TENANT = '01920000-0000-7000-8000-00000000000a';
export const OTHER_TENANT = '01920000-0000-7000-8000-00000000000b';

/** An actor holding exactly these permissions, in their widest scope, or these grants. */
export function anActor(permissions: readonly (Permission | string)[] = [], over: { id?: string; tenantId?: string; name?: string; teams?: string[] } = {}): Actor {
  const grants = permissions.map((one) => (typeof one === 'string' ? one : (grantsOf(one).at(-1) ?? one.name)));
  return new Actor(over.id ?? newId(), over.tenantId ?? TENANT, over.name ?? 'Ada Test', new Set(grants), over.teams ?? []);
}

/** Boots some contexts on a migrated database of their own and a real Redis. */
export async function bootSlice(options: SliceOptions) {
  const loaded = resolveContexts(options.contexts, options.contexts.map(({ name }) => name));
  const database = await createTestDatabase([...platformMigrations, ...loaded.all.flatMap(({ migrations }) => migrations)]);
  const redisUrl = testRedisUrl();
  const storage = await mkdtemp(join(tmpdir(), 'nexus-slice-'));
  const config = aConfig({
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    REDIS_URL: redisUrl,
    STORAGE_DIR: storage,
    RATE_LIMIT_ANONYMOUS: '0',
    RATE_LIMIT_AUTHENTICATED: '0',
    RATE_LIMIT_BURST: '0',
    LOG_LEVEL: 'error',
    ...options.env,
  });
  const redis = new Redis(redisUrl);
  await redis.flushdb();
  redis.disconnect();
  const isWorker = options.app === 'worker';
  const platform = isWorker ? PlatformModule.forWorker(config, loaded) : PlatformModule.forApi(config, loaded);
  const own = loaded.all.flatMap((context) => (isWorker ? context.worker : context.api) ?? []);
  let builder = Test.createTestingModule({ imports: [platform, ...own, ...(options.modules ?? [])] });
  if (options.clock) builder = builder.overrideProvider(Clock).useValue(options.clock);
  const app = (await builder.compile()).createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await prepareHttpApp(app, config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const superuser = new pg.Client(database.superuserUrl);
  await superuser.connect();
  const get = <T>(type: Type<T> | (abstract new (...args: never[]) => T)): T => app.get<T>(type as Type<T>, { strict: false });

  return {
    app,
    database,
    superuser,
    config: get(Config) as Config,
    db: get(Database),
    get,
    /** Runs work as this actor, in the actor's tenant. */
    as: <T>(actor: Actor, work: () => Promise<T>): Promise<T> => runAs(actor, newId(), work),
    /** Waits until nothing that is due is left in the outbox and no delivery is open. */
    settled: (timeoutMs = 15_000): Promise<void> => settled(get(Database), timeoutMs),
    /** HTTP without a socket; `token` becomes the Authorization header. */
    async http(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, given: { token?: string; body?: unknown; headers?: Record<string, string> } = {}) {
      const authorization = given.token ? { authorization: `Bearer ${given.token}` } : {};
      const response = await app.inject({ method, url, headers: { ...authorization, ...given.headers }, ...(given.body === undefined ? {} : { payload: given.body as object }) });
      const isJson = String(response.headers['content-type'] ?? '').includes('json');
      return { status: response.statusCode, headers: response.headers, body: (isJson && response.payload ? JSON.parse(response.payload) : response.payload) as any };
    },
    async close(): Promise<void> {
      await superuser.end();
      await stopApp(app);
      await database.drop();
      await rm(storage, { recursive: true, force: true });
    },
  };
}

export type Slice = Awaited<ReturnType<typeof bootSlice>>;

async function settled(db: Database, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const stats = await runOutside(() => db.one<{ pending: number; open: number }>('select pending, open from outbox_stats()'));
    if (stats?.pending === 0 && stats.open === 0) return;
    if (Date.now() > until) throw new Error(`Still ${stats?.pending} events and ${stats?.open} deliveries open after ${timeoutMs} ms`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
