import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { built, CHECKOUT, inCheckout } from './places.mjs';

const { Launched } = await built('apps/local/src/processes.js');
const { freePort } = await built('apps/local/src/ports.js');

const { scripts } = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8'));

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const TICKS_PER_SECOND = 100; // USER_HZ, which is 100 on every Linux that Node runs on
const MIB = 1024;

/** What the API and the worker are told: production, everything on but the rate limits. */
export function environment({ home, secrets, redis }, urls, ports) {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    PORT: String(ports.api),
    WORKER_PORT: String(ports.worker),
    DATABASE_URL: urls.app,
    DATABASE_OWNER_URL: urls.owner,
    REDIS_URL: redis.url,
    JWT_SECRET: secrets.JWT_SECRET,
    JWT_REFRESH_SECRET: secrets.JWT_REFRESH_SECRET,
    ENCRYPTION_KEY: secrets.ENCRYPTION_KEY,
    JWT_EXPIRATION: '12h',
    RATE_LIMIT_ANONYMOUS: '0',
    RATE_LIMIT_AUTHENTICATED: '0',
    RATE_LIMIT_BURST: '0',
    SWAGGER_ENABLED: 'false',
    LOG_LEVEL: 'info',
    LOG_FILES: 'true',
    LOG_DIR: join(home, 'logs'),
    STORAGE_DIR: join(home, 'files'),
    SHUTDOWN_DELAY_SECONDS: '0',
    SHUTDOWN_GRACE_SECONDS: '5',
  };
}

/** Starts what `work` needs and stops it again, whatever happens. */
export async function using(starting, work) {
  const app = await starting;
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}

/** The API or the worker as `npm run start:api` and `start:worker` run it. `flags` go to Node. */
export async function startApp(servers, urls, name, { flags = [], settings = {} } = {}) {
  const ports = { api: 0, worker: 0, [name]: await freePort() };
  const env = { ...environment(servers, urls, ports), ...settings };
  const [, ...args] = scripts[`start:${name}`].split(' ');
  return start(servers, {
    name,
    args: [...flags, ...args],
    env,
    url: `http://127.0.0.1:${ports[name]}`,
    ready: '/health/ready',
  });
}

export async function startFloor(servers, database) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, DATABASE_URL: servers.urlOf(database), PORT: String(port) };
  const args = [inCheckout('test/load/floor.mjs')];
  return start(servers, { name: 'floor', args, env, url: `http://127.0.0.1:${port}`, ready: '/ready' });
}

async function start({ home }, { name, args, env, url, ready }) {
  mkdirSync(join(home, 'logs'), { recursive: true });
  const output = createWriteStream(join(home, 'logs', `${name}.out`));
  const began = performance.now();
  const launched = await Launched.start(process.execPath, args, {
    cwd: CHECKOUT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    lastSignal: 'SIGTERM',
  });
  let tail = '';
  for (const stream of [launched.child.stdout, launched.child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output.write(text);
      tail = (tail + text).slice(-4_000);
    });
  }
  await untilReady(launched, `${url}${ready}`, () => `The ${name} did not become ready. Its last words:\n${tail}`);
  const readySeconds = (performance.now() - began) / 1000;
  const stop = async () => {
    await launched.end();
    output.end();
  };
  return { name, url, pid: launched.pid, readySeconds, stop };
}

async function untilReady(launched, url, explain) {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!launched.hasExited && performance.now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(POLL_MS);
  }
  await launched.end();
  throw new Error(explain());
}

/** Seconds of CPU that a process has used, all threads together; undefined where there is no /proc. */
export function cpuSeconds(pid) {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // proc(5): the second field may hold spaces; utime and stime are the 14th and the 15th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory in MiB, now and at its highest; undefined where there is no /proc. */
export function memoryOf(pid) {
  const text = read(`/proc/${pid}/status`);
  if (text === undefined) return undefined;
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / MIB;
  return { now: field('VmRSS'), highest: field('VmHWM') };
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
