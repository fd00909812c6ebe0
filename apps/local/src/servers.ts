import { join } from 'node:path';
import { prepareDatabase } from '@app/platform';
import { shown } from './places.js';
import { type Postgres, startPostgres } from './postgres.js';
import { type Exit } from './processes.js';
import { type Tell } from './progress.js';
import { type Redis, startRedis } from './redis.js';
import { type Secrets } from './secrets.js';

/** What was started goes here at once, to be stopped in the opposite order whatever happens next. */
export type Closing = {
  later(close: () => Promise<void>): void;
  /** Ends the stack when the process ends on its own. */
  watch(name: string, exited: Promise<Exit>): void;
};

export type ServersOptions = { checkout: string; home: string; secrets: Secrets; tell: Tell; closing: Closing };

export type Databases = { databaseUrl: string; databaseOwnerUrl: string; redisUrl: string };

const POSTGRES_PORT = 54_320;
const REDIS_PORT = 63_790;

/** The addresses of PostgreSQL and Redis: those the environment names, else of servers started for this stack. */
export async function bringUpServers(options: ServersOptions): Promise<Databases> {
  const { tell } = options;
  const { DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL } = process.env;
  if (Boolean(DATABASE_URL) !== Boolean(DATABASE_OWNER_URL)) {
    throw new Error('DATABASE_URL and DATABASE_OWNER_URL belong together: set both, or none for a database of our own');
  }
  const urls =
    DATABASE_URL && DATABASE_OWNER_URL
      ? { databaseUrl: DATABASE_URL, databaseOwnerUrl: DATABASE_OWNER_URL }
      : await ownDatabase(options);
  if (DATABASE_URL) tell('postgres', `used as DATABASE_URL says, on ${new URL(DATABASE_URL).host}`);
  if (REDIS_URL) tell('redis', `used as REDIS_URL says, on ${new URL(REDIS_URL).host}`);
  return { ...urls, redisUrl: REDIS_URL || (await ownRedis(options)).url };
}

async function ownDatabase(options: ServersOptions): Promise<Omit<Databases, 'redisUrl'>> {
  const { checkout, home, secrets, tell, closing } = options;
  const dataDir = join(home, 'postgres');
  const postgres: Postgres = await startPostgres({ dataDir, port: POSTGRES_PORT, durable: true });
  closing.later(() => postgres.stop());
  closing.watch('PostgreSQL', postgres.exited);
  tell('postgres', `ready on 127.0.0.1:${postgres.port} (${postgres.version}, data in ${shown(checkout, dataDir)})`);
  const { appUrl, ownerUrl } = await prepareDatabase({
    superuserUrl: postgres.superuserUrl,
    database: 'nexus',
    passwords: { migrator: secrets.MIGRATOR_PASSWORD, app: secrets.APP_PASSWORD },
  });
  return { databaseUrl: appUrl, databaseOwnerUrl: ownerUrl };
}

async function ownRedis({ checkout, home, tell, closing }: ServersOptions): Promise<Redis> {
  const dir = join(home, 'redis');
  const redis = await startRedis({ dir, port: REDIS_PORT, persistent: true, tell: (line) => tell('redis', line) });
  closing.later(() => redis.stop());
  closing.watch('Redis', redis.exited);
  tell('redis', `ready on 127.0.0.1:${redis.port} (${redis.version}, data in ${shown(checkout, dir)})`);
  return redis;
}
