import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis as Client } from 'ioredis';
import { makeFolder } from './identity.js';
import { freePort } from './ports.js';
import { type Exit, Launched } from './processes.js';
import { redisBinary } from './redis-binary.js';

export type RedisOptions = {
  dir: string;
  /** Where to begin to look for a free port; without it, any free one. */
  port?: number;
  /** False keeps nothing on disk: for tests only. */
  persistent: boolean;
  /** Hears of an installation, the only step that takes long. */
  tell?: (line: string) => void;
};

export type Redis = {
  url: string;
  port: number;
  pid: number;
  version: string;
  /** Settles when the server ends, by `stop()` or on its own. */
  exited: Promise<Exit>;
  stop(): Promise<void>;
};

const START_TIMEOUT_MS = 30_000;
const PORT_ATTEMPTS = 3;

/** Starts a Redis of our own: never the one that may already serve this machine. */
export async function startRedis(options: RedisOptions): Promise<Redis> {
  const dir = resolve(options.dir);
  const binary = await redisBinary(options.tell ?? (() => undefined));
  makeFolder(dir);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port);
    const server = await launch(binary, dir, port, options.persistent);
    const version = await untilReady(server, port);
    if (version) {
      const stop = (): Promise<void> => server.end();
      return { url: `redis://127.0.0.1:${port}`, port, pid: server.pid, version, exited: server.exited, stop };
    }
    await server.end();
    const failure = readFileSync(logIn(dir), 'utf8').trim().split('\n').slice(-15).join('\n');
    if (attempt < PORT_ATTEMPTS && failure.includes('Address already in use')) continue;
    throw new Error(`Redis did not start in ${dir}:\n${failure}`);
  }
}

const logIn = (dir: string): string => join(dir, 'redis.log');

async function launch(binary: string, dir: string, port: number, persistent: boolean): Promise<Launched> {
  const journal = persistent ? ['--appendonly', 'yes', '--appendfsync', 'everysec'] : ['--appendonly', 'no'];
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--daemonize', 'no'];
  const args = [...place, ...journal, '--save', '', '--maxmemory-policy', 'noeviction'];
  const log = openSync(logIn(dir), 'w', 0o600);
  try {
    return await Launched.start(binary, args, { cwd: dir, stdio: ['ignore', log, log], lastSignal: 'SIGTERM' });
  } finally {
    closeSync(log);
  }
}

/** The version, once the process that was launched is the one that answers and has read its journal. */
async function untilReady(server: Launched, port: number): Promise<string | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!server.hasExited && Date.now() < deadline) {
    const answer = await info(port);
    if (answer.get('process_id') === String(server.pid) && answer.get('loading') === '0')
      return answer.get('redis_version');
    await sleep(20);
  }
  return undefined;
}

async function info(port: number): Promise<Map<string, string>> {
  const client = new Client({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const lines = (await client.info()).split('\r\n').filter((line) => line.includes(':'));
    return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  } catch {
    return new Map();
  } finally {
    client.disconnect();
  }
}
