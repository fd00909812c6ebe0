import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, Clock, type FixedClock, newId, type Permission, grantsOf } from '@app/kernel';
import type { DynamicModule, Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { aConfig } from '../config/testing.js';
import { Config } from '../config/index.js';
import { Database } from '../database/index.js';
import { prepareHttpApp } from '../http/index.js';
import { stopApp } from '../lifecycle/stop-app.js';
import { type ContextDefinition, type LoadedContexts, resolveContexts } from '../modules/index.js';
import { PlatformModule } from '../platform.module.js';
import { runAs } from '../scope/index.js';
import { platformMigrations } from '../../migrations/index.js';
import { emptyTables } from './empty-tables.js';
import { claimTestRedis, createTestDatabase, OPEN_WORK, type TestDatabase } from './databases.js';

type SliceOptions = {
  /** The contexts under test; what they use comes along. */
  contexts: ContextDefinition[];
  /** `api`: HTTP on `inject`; `worker`: the relay and the listeners run. */
  app?: 'api' | 'worker';
  /** Environment variables that differ from the tests' defaults. */
  env?: NodeJS.ProcessEnv;
  /** Stands still until the test moves it; the system's own unless given. */
  clock?: FixedClock;
  /** Another slice, whose database, Redis and files this one shares: the worker beside an API. Closed before that one. */
  beside?: { readonly database: TestDatabase; readonly config: Config };
  modules?: (Type | DynamicModule)[];
};

export const TENANT = '01920000-0000-7000-8000-00000000000a';
export const OTHER_TENANT = '01920000-0000-7000-8000-00000000000b';

/** An actor holding exactly these permissions, in their widest scope, or these grants. */
export function anActor(
  permissions: readonly (Permission | string)[] = [],
  over: { id?: string; tenantId?: string; name?: string; teams?: string[]; reachedTeams?: string[] } = {},
): Actor {
  const grants = permissions.map((one) => (typeof one === 'string' ? one : (grantsOf(one).at(-1) ?? one.name)));
  return new Actor(
    over.id ?? newId(),
    over.tenantId ?? TENANT,
    over.name ?? 'Ada Test',
    new Set(grants),
    over.teams ?? [],
    'user',
    null,
    over.reachedTeams && { reachedTeams: over.reachedTeams },
  );
}

type Given = { token?: string; body?: unknown; headers?: Record<string, string> };
/** What a test reads of an answer it has just asked for: a wrong guess fails the test, not the build. */
type Body = ReturnType<typeof JSON.parse>;

/** Boots some contexts on a migrated database of their own and a real Redis. */
export async function bootSlice(options: SliceOptions): Promise<Slice> {
  const names = options.contexts.map(({ name }) => name);
  const loaded = resolveContexts(options.contexts, names);
  const { beside } = options;
  const migrations = [...platformMigrations, ...loaded.all.flatMap((context) => context.migrations)];
  const database = beside?.database ?? (await createTestDatabase(migrations));
  const storage = beside?.config.STORAGE_DIR ?? (await mkdtemp(join(tmpdir(), 'nexus-slice-')));
  const redis = beside ? undefined : await claimTestRedis();
  const redisUrl = redis?.url ?? beside?.config.REDIS_URL ?? '';
  const config = aConfig({ ...environment(database, redisUrl, storage), ...options.env });
  const app = await bootApp(options, config, loaded);
  const superuser = new pg.Client(database.superuserUrl);
  await superuser.connect();
  const dispose = async (): Promise<void> => {
    if (beside) return;
    await redis?.release();
    await rm(storage, { recursive: true, force: true });
  };
  return new Slice(app, database, superuser, dispose);
}

const environment = (database: TestDatabase, redisUrl: string, storage: string): NodeJS.ProcessEnv => ({
  DATABASE_URL: database.appUrl,
  DATABASE_OWNER_URL: database.ownerUrl,
  REDIS_URL: redisUrl,
  STORAGE_DIR: storage,
  RATE_LIMIT_ANONYMOUS: '0',
  RATE_LIMIT_AUTHENTICATED: '0',
  RATE_LIMIT_BURST: '0',
  DATABASE_POOL_WAIT_SECONDS: '20', // hundreds come at once, to a slow machine that does other things too
  LOG_LEVEL: 'error',
});

async function bootApp(options: SliceOptions, config: Config, loaded: LoadedContexts): Promise<NestFastifyApplication> {
  const isWorker = options.app === 'worker';
  const platform = isWorker ? PlatformModule.forWorker(config, loaded) : PlatformModule.forApi(config, loaded);
  const own = loaded.all.flatMap((context) => (isWorker ? context.worker : context.api) ?? []);
  let builder = Test.createTestingModule({ imports: [platform, ...own, ...(options.modules ?? [])] });
  if (options.clock) builder = builder.overrideProvider(Clock).useValue(options.clock);
  const app = (await builder.compile()).createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
    logger: false,
    bodyParser: false,
  });
  await prepareHttpApp(app, config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

/** Some contexts, running. */
export class Slice {
  readonly db: Database;
  readonly config: Config;

  constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    /** Past row-level security: for what a test arranges and looks up. */
    readonly superuser: pg.Client,
    private readonly dispose: () => Promise<void>,
  ) {
    this.db = this.get(Database);
    this.config = this.get(Config);
  }

  get<T>(type: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.app.get<T>(type, { strict: false });
  }

  /** Runs work as this actor, in the actor's tenant. */
  as<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
    return runAs(actor, newId(), work);
  }

  /** Waits until nothing that is due is left in the outbox and no delivery is open. */
  settled(timeoutMs = 15_000): Promise<void> {
    return settled(this.superuser, timeoutMs);
  }

  /** Empties these tables and those that point to them. */
  empty(...tables: string[]): Promise<void> {
    return emptyTables(this.superuser, tables);
  }

  /** HTTP without a socket; `token` becomes the Authorization header. */
  async http(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, { token, body, headers }: Given = {}) {
    const authorization = token ? { authorization: `Bearer ${token}` } : {};
    const payload = body === undefined ? {} : { payload: body as object };
    const response = await this.app.inject({ method, url, headers: { ...authorization, ...headers }, ...payload });
    const isJson = /[/+]json\b/.test(String(response.headers['content-type'] ?? '')) && response.payload;
    const read: Body = isJson ? JSON.parse(response.payload) : response.payload;
    return { status: response.statusCode, headers: response.headers, body: read };
  }

  async close(): Promise<void> {
    await this.superuser.end();
    await stopApp(this.app);
    await this.dispose();
  }
}

async function settled(superuser: pg.Client, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const { rows: found } = await superuser.query<{ pending: number; open: number }>(OPEN_WORK);
    const stats = found[0];
    if (stats?.pending === 0 && stats.open === 0) return;
    if (Date.now() > until) {
      const { rows } = await superuser.query(
        "select listener, state, attempts, last_error from deliveries where state in ('pending', 'running')",
      );
      throw new Error(
        `Still ${stats?.pending} events open after ${timeoutMs} ms, and of these: ${JSON.stringify(rows)}`,
      );
    }
    await new Promise((done) => setTimeout(done, 25));
  }
}
