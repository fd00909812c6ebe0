import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OwnServers } from './faults/own-servers.js';
import { aMail } from './support/mails.js';
import { type Client, Nexus, type Process } from './support/nexus.js';

const ROOT = resolve(import.meta.dirname, '..');

describe('a running process', () => {
  let servers: OwnServers;
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    servers = await OwnServers.start();
    nexus = await Nexus.start({
      env: { SHUTDOWN_DELAY_SECONDS: '1', RATE_LIMIT_AUTHENTICATED: '100000' },
    });
    admin = await nexus.login('admin');
  });
  afterAll(async () => {
    await nexus.stop();
    await servers.stop();
  });
  afterEach(async () => {
    const ended = both().filter(({ isRunning }) => !isRunning);
    await Promise.all(ended.map((process) => process.start()));
  });

  const both = (): Process[] => [nexus.api, nexus.worker];
  const probe = async ({ port }: Process, path: 'ready' | 'live') => {
    const response = await fetch(`http://127.0.0.1:${port}/health/${path}`);
    return { status: response.status, body: (await response.json()) as { status: string; details: object } };
  };
  const eventually = (process: Process, expected: object): Promise<unknown> =>
    expect.poll(() => probe(process, 'ready'), { timeout: 10_000, interval: 250 }).toMatchObject(expected);

  it('is not ready while PostgreSQL is away, lives, says so to callers, and heals by itself', async () => {
    await nexus.superuser.end();
    await servers.withoutPostgres(async () => {
      for (const process of both()) {
        await eventually(process, { status: 503, body: { details: { database: { status: 'down' } } } });
        expect((await probe(process, 'live')).status).toBe(200);
      }
      const refused = await admin.get('customers');
      expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    });
    await nexus.reconnect();
    for (const process of both()) await eventually(process, { status: 200, body: { status: 'ok' } });
    expect((await admin.get('customers?limit=1')).status).toBe(200);
  });

  it('is degraded and ready while Redis is away, takes writes, and does what follows from them afterwards', async () => {
    let mailId = '';
    expect((await admin.get('auth/me')).headers.get('ratelimit')).toContain('"authenticated";r=99');
    await servers.withoutRedis(async () => {
      for (const process of both()) {
        await eventually(process, {
          status: 200,
          body: { status: 'degraded', details: { redis: { status: 'degraded' } } },
        });
      }
      // nobody can count: whoever has a good token passes, whoever has none does not
      const uncounted = await admin.get('auth/me');
      expect([uncounted.status, uncounted.headers.get('ratelimit')]).toEqual([200, null]);
      expect((await nexus.request('GET', 'auth/me')).status).toBe(401);
      const customer = { firstName: 'Without', lastName: 'Redis', email: 'without@redis.example' };
      const written = await admin.post('customers', customer);
      expect(written.status, JSON.stringify(written.body)).toBe(201);
      const body = aMail({ from: 'Later <later@redis.example>' });
      const taken = await admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body } });
      expect(taken.status).toBe(202);
      mailId = taken.body.id;
    });
    await expect
      .poll(async () => (await admin.get(`mail/messages/${mailId}`)).body.state, { timeout: 20_000, interval: 250 })
      .toBe('routed');
    for (const process of both()) await eventually(process, { status: 200, body: { status: 'ok' } });
  });

  it('is not ready while migrations are pending', async () => {
    const { rows } = await nexus.superuser.query(
      'delete from migrations where id = (select max(id) from migrations) returning *',
    );
    for (const process of both())
      await eventually(process, { status: 503, body: { details: { database: { migrationsPending: 1 } } } });
    await nexus.superuser.query('insert into migrations select * from json_populate_record(null::migrations, $1)', [
      rows[0],
    ]);
    for (const process of both()) await eventually(process, { status: 200 });
  });

  it('ends with 0 when it is told to, and answers what it has begun', async () => {
    const answers = Array.from({ length: 30 }, () => admin.get('customers?limit=50'));
    await Promise.race(answers);
    expect(await nexus.api.stop()).toBe(0);
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(await nexus.worker.stop()).toBe(0);
  });

  it('ends with 1 when it is told twice', async () => {
    await nexus.api.stop();
    await nexus.api.start({ SHUTDOWN_DELAY_SECONDS: '20' });
    const { pid } = nexus.api;
    const ended = nexus.api.stop();
    await eventually(nexus.api, { status: 503, body: { details: { accepting: { status: 'down' } } } });
    process.kill(pid, 'SIGTERM');
    expect(await ended).toBe(1);
  });
});

/** Where a file of a process ends that is as if it were on a full disk. */
const ROOM_KIB = 64;

describe('a deployment', () => {
  let nexus: Nexus;
  beforeAll(async () => {
    nexus = await Nexus.start();
  });
  afterAll(() => nexus.stop());

  const run = (name: 'api' | 'worker', over: Record<string, string>, ...args: string[]) =>
    new Promise<{ code: number | null; output: string }>((done) => {
      const child = spawn(process.execPath, [join(ROOT, `dist/${name}.js`), ...args], {
        cwd: ROOT,
        env: { ...nexus.env, ...over },
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('close', (code) => done({ code, output }));
    });
  const restart = async (over: Record<string, string>): Promise<void> => {
    const again = async (process: Process): Promise<void> => {
      await process.stop();
      await process.start(over);
    };
    await Promise.all([nexus.api, nexus.worker].map(again));
  };

  it.each(['api', 'worker'] as const)(
    'tells whether the configuration of the %s is valid, without starting it',
    async (name) => {
      const secret = 'short-secret-canary';
      const [valid, faulty] = await Promise.all([
        run(name, {}, '--check-config'),
        run(name, { NODE_ENV: 'production', JWT_SECRET: secret, DATABASE_POOL_SIZE: 'many' }, '--check-config'),
      ]);
      expect(valid).toMatchObject({ code: 0, output: expect.stringContaining('is valid') });
      expect(faulty.code).toBe(1);
      expect(faulty.output).toContain('JWT_SECRET');
      expect(faulty.output).toContain('DATABASE_POOL_SIZE');
      expect(faulty.output).not.toContain(secret);
    },
  );

  it('in production shows strangers neither documentation nor metrics nor queues, and wants TLS', async () => {
    const JWT_REFRESH_SECRET = 'u3Ne8Wa1Xo6Rk9Cv4Bi7Mt2Zj5Lh0PyE';
    const closed = { SWAGGER_ENABLED: '', METRICS_TOKEN: '', DEMO: 'false', DEMO_PASSWORD: '' };
    const ENCRYPTION_KEY = '8f1c3a5e7092b4d6f81a2c3e4b5d6f708192a3b4c5d6e7f8091a2b3c4d5e6f70';
    await restart({ NODE_ENV: 'production', ENCRYPTION_KEY, JWT_REFRESH_SECRET, ...closed });
    const paths = ['/api-docs', '/api-docs-json', '/api/v1/openapi.json', '/metrics', '/api/v1/metrics', '/queues'];
    for (const path of paths) {
      const { status } = await nexus.request('GET', path);
      expect({ path, isClosed: [401, 403, 404].includes(status) }).toEqual({ path, isClosed: true });
    }
    const worker = await fetch(`http://127.0.0.1:${nexus.worker.port}/metrics`);
    expect([worker.status, worker.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    const { status, headers } = await nexus.request('GET', 'customers');
    expect([status, headers.get('strict-transport-security')]).toEqual([401, expect.stringContaining('max-age=')]);
  });

  it('whose disk is full refuses what needs room, keeps no half of it, and goes on with the rest', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nexus-full-'));
    const full = { STORAGE_DIR: join(folder, 'files'), LOG_FILES: 'true', LOG_DIR: join(folder, 'logs') };
    await nexus.api.stop();
    await nexus.api.start(full, ROOM_KIB);
    const admin = await nexus.login('admin');
    const mail = (kib: number) => ({ type: 'message/rfc822', body: aMail({ text: 'word '.repeat(kib * 205) }) });
    const before = await nexus.superuser.query('select count(*) from mails');

    const refused = await admin.post('mail/raw', undefined, { raw: mail(2 * ROOM_KIB) });
    expect([refused.status, refused.body.code]).toEqual([503, 'storage_unavailable']);
    expect(await nexus.superuser.query('select count(*) from mails')).toMatchObject({ rows: before.rows });
    expect((await admin.post('mail/raw', undefined, { raw: mail(ROOM_KIB / 4) })).status).toBe(202);
    for (let n = 0; n < 500; n++) await admin.get('modules'); // more lines than the log has room for
    expect((await admin.post('customers', { firstName: 'Still', email: 'still@served.example' })).status).toBe(201);
    expect(nexus.api.isRunning).toBe(true);
    expect(await readdir(join(folder, 'files', 'incoming'))).toEqual([]);
    const [log = ''] = (await readdir(join(folder, 'logs'))).filter((name) => name.startsWith('combined'));
    expect((await stat(join(folder, 'logs', log))).size).toBe(ROOM_KIB * 1024);
    await rm(folder, { recursive: true });
  });

  it('of some contexts runs these and what they use, in both processes', async () => {
    await restart({ CONTEXTS: 'auth,customers,inquiries,responses' });
    const admin = await nexus.login('admin');
    const names = (await admin.get('modules')).body.data.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['auth', 'customers', 'inquiries', 'responses', 'approvals', 'messaging']),
    );
    expect(names).not.toContain('audit');
    expect((await admin.get('audit')).status).toBe(404);
    expect((await admin.get('inquiries?limit=1')).status).toBe(200);
  });

  it('of one context runs it with what knows the users', async () => {
    await restart({ CONTEXTS: 'calendars' });
    const admin = await nexus.login('admin');
    expect((await admin.get('users')).status).toBe(200);
    expect((await admin.get('business-calendars')).status).toBe(200);
    expect((await admin.get('customers')).status).toBe(404);
  });

  it.each(['api', 'worker'] as const)(
    'of contexts that do not exist stops the %s and says which there are',
    async (name) => {
      const { code, output } = await run(name, { CONTEXTS: 'auth,nonsense' });
      expect(code).toBe(1);
      expect(output).toContain('There is no context nonsense');
      expect(output).toContain('inquiries');
    },
  );
});
