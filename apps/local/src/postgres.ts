import { closeSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Identity } from './identity.js';
import { freePort } from './ports.js';
import { type Binaries, postgresBinaries } from './postgres-binaries.js';
import {
  clearStalePid,
  ClusterInUse,
  ensureCluster,
  identityFor,
  readPostmaster,
  superuserPassword,
} from './postgres-cluster.js';
import { type EndStep, type Exit, Launched } from './processes.js';

export { ClusterInUse } from './postgres-cluster.js';

export type PostgresOptions = {
  dataDir: string;
  /** Where to begin to look for a free port; without it, any free one. */
  port?: number;
  /** False gives up safety against a crash of the machine for speed: for tests only. */
  durable: boolean;
};

export type Postgres = {
  superuserUrl: string;
  port: number;
  dataDir: string;
  pid: number;
  version: string;
  /** Settles when the server ends, by `stop()` or on its own. */
  exited: Promise<Exit>;
  stop(): Promise<void>;
};

const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 3;

/** Fast shutdown, immediate shutdown, and the end of patience (PostgreSQL manual, "Shutting Down the Server"). */
const SHUTDOWN: EndStep[] = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/** The table locks of one transaction are counted: emptying every table between two tests takes many. */
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'].concat(
  'max_connections=200',
  'max_locks_per_transaction=256',
);
const UNSAFE_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'].concat(
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=2GB',
  'checkpoint_timeout=1h',
  'scram_iterations=1', // a test opens thousands of connections, with passwords that everybody knows
  'autovacuum_naptime=1d',
  'deadlock_timeout=100ms', // tests that make transactions meet wait for it
);

/**
 * Starts the embedded PostgreSQL on a data folder that is created when missing and kept afterwards.
 * @throws ClusterInUse when a server already runs on the folder
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataDir = resolve(options.dataDir);
  const identity = await identityFor(dataDir);
  const binaries = await postgresBinaries(identity);
  await ensureCluster(dataDir, binaries, identity);
  await clearStalePid(dataDir);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port);
    const server = await launch(binaries, identity, { ...options, dataDir, port });
    const failure = await untilReady(server, dataDir);
    if (!failure) return describeOwn(server, dataDir, port);
    await server.end(SHUTDOWN);
    if (failure.includes('postmaster.pid" already exists')) throw new ClusterInUse(dataDir);
    if (attempt < PORT_ATTEMPTS && failure.includes('could not bind')) continue;
    throw new Error(`PostgreSQL did not start on ${dataDir}:\n${failure}`);
  }
}

async function launch(
  binaries: Binaries,
  identity: Identity | undefined,
  options: Required<PostgresOptions>,
): Promise<Launched> {
  const { dataDir, port, durable } = options;
  const settings = [`port=${port}`, ...SETTINGS, ...(durable ? [] : UNSAFE_SETTINGS)];
  const args = ['-D', dataDir, ...settings.flatMap((setting) => ['-c', setting])];
  const log = openSync(logOf(dataDir), 'w', 0o600);
  const env = { ...process.env, LC_ALL: 'C', PGDATA: undefined };
  try {
    const stdio: ['ignore', number, number] = ['ignore', log, log];
    return await Launched.start(binaries.postgres, args, { ...identity, cwd: '/', env, stdio, lastSignal: 'SIGINT' });
  } finally {
    closeSync(log);
  }
}

const logOf = (dataDir: string): string => `${dataDir}.log`;

/** Undefined once the server takes connections, otherwise the end of its log. */
async function untilReady(server: Launched, dataDir: string): Promise<string | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!server.hasExited && Date.now() < deadline) {
    const postmaster = readPostmaster(dataDir);
    if (postmaster?.pid === server.pid && postmaster.ready) return undefined;
    await sleep(20);
  }
  return readFileSync(logOf(dataDir), 'utf8').trim().split('\n').slice(-15).join('\n');
}

async function describeOwn(server: Launched, dataDir: string, port: number): Promise<Postgres> {
  const superuserUrl = `postgres://postgres:${superuserPassword(dataDir)}@127.0.0.1:${port}/postgres`;
  try {
    const version = await assertOwn(superuserUrl, dataDir);
    const stop = (): Promise<void> => server.end(SHUTDOWN);
    return { superuserUrl, port, dataDir, pid: server.pid, version, exited: server.exited, stop };
  } catch (error) {
    await server.end(SHUTDOWN);
    throw error;
  }
}

/** Before the first statement that changes something: whose data is this? */
export async function assertOwn(superuserUrl: string, dataDir: string): Promise<string> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ folder: string; version: string }>(
      `SELECT current_setting('data_directory') AS folder, current_setting('server_version') AS version`,
    );
    const [server] = rows;
    if (!server || realpathSync(server.folder) !== realpathSync(dataDir)) {
      throw new Error(`The PostgreSQL that answers keeps its data in ${server?.folder}, not in ${dataDir}`);
    }
    return server.version;
  } finally {
    await client.end();
  }
}
