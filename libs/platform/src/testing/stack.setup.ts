import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataHome } from '../../../../apps/local/src/places.js';
import { ClusterInUse, type Postgres, startPostgres } from '../../../../apps/local/src/postgres.js';
import { startRedis } from '../../../../apps/local/src/redis.js';
import { dropDatabases } from './databases.js';

type Stack = { stop(): Promise<void> };

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
const MAX_CONCURRENT_RUNS = 32;

/** Each project of a run loads this file anew, in the same process: they share the stack through the global object. */
const shared = globalThis as { nexusTestStack?: { users: number; stack: Promise<Stack> } };

/** The first kept cluster that no other run of this checkout uses. Kept, because the next run then begins at once. */
async function startFreeCluster(home: string): Promise<{ postgres: Postgres; slot: number }> {
  for (let slot = 1; slot <= MAX_CONCURRENT_RUNS; slot++) {
    const dataDir = join(home, 'test', slot === 1 ? 'postgres' : `postgres-${slot}`);
    try {
      return { postgres: await startPostgres({ dataDir, durable: false }), slot };
    } catch (error) {
      if (!(error instanceof ClusterInUse)) throw error;
    }
  }
  throw new Error(`${MAX_CONCURRENT_RUNS} test runs already use this checkout`);
}

/**
 * A PostgreSQL and a Redis for this run, or those that TEST_POSTGRES_URL (a superuser's) and TEST_REDIS_URL name. The test
 * files find their addresses in NEXUS_TEST_POSTGRES and NEXUS_TEST_REDIS, the run's name in NEXUS_TEST_RUN, a folder of its
 * own in NEXUS_TEST_FOLDER.
 */
async function start(): Promise<Stack> {
  const { TEST_POSTGRES_URL, TEST_REDIS_URL } = process.env;
  const home = await dataHome(CHECKOUT);
  const own = TEST_POSTGRES_URL ? undefined : await startFreeCluster(home);
  const dir = join(home, 'test', `redis-${own?.slot ?? process.pid}`);
  const redis = TEST_REDIS_URL ? undefined : await startRedis({ dir, persistent: false });
  process.env.NEXUS_TEST_POSTGRES = TEST_POSTGRES_URL ?? own?.postgres.superuserUrl;
  process.env.NEXUS_TEST_REDIS = TEST_REDIS_URL ?? redis?.url;
  process.env.NEXUS_TEST_RUN = randomUUID().slice(0, 8);
  const folder = (process.env.NEXUS_TEST_FOLDER = await mkdtemp(join(tmpdir(), 'nexus-tests-')));
  if (own) await dropDatabases({ ofEveryRun: true }); // what runs that were killed have left
  return {
    stop: async () => {
      await dropDatabases();
      await Promise.all([redis?.stop(), own?.postgres.stop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

/** Vitest global setup. */
export default async function setup(): Promise<() => Promise<void>> {
  const running = (shared.nexusTestStack ??= { users: 0, stack: start() });
  running.users++;
  const stack = await running.stack;
  return async () => {
    if (--running.users > 0) return;
    shared.nexusTestStack = undefined;
    await stack.stop();
  };
}
