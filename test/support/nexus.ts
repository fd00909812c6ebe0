import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  claimTestRedis,
  createFilledDatabase,
  folderOfTheRun,
  OPEN_WORK,
  type TestDatabase,
  type TestRedis,
} from '@app/platform/testing/servers';
import pg from 'pg';
import { type MailSink, startMailSink } from '../../apps/local/src/mail-sink.js';
import { claimPorts } from '../../apps/local/src/ports.js';
import { Documented } from './documented.js';

const ROOT = resolve(import.meta.dirname, '../..');
const PASSWORD = 'Nexus-Demo-1';
const OUTPUT_KEPT = 200_000;
const OUTPUTS_KEPT = 2_000;

/** What a test reads of an answer it has just asked for: a wrong guess fails the test, not the build. */
type Body = ReturnType<typeof JSON.parse>;
export type Answer = { status: number; headers: Headers; body: Body };
/** `at`: which of the APIs is asked; otherwise they take turns, as behind a balancer. */
type Given = {
  body?: unknown;
  raw?: { type: string; body: string | Buffer };
  headers?: Record<string, string>;
  at?: Process;
};
export type Client = {
  token: string;
  get(path: string, given?: Given): Promise<Answer>;
  post(path: string, body?: unknown, given?: Given): Promise<Answer>;
  put(path: string, body?: unknown, given?: Given): Promise<Answer>;
  patch(path: string, body?: unknown, given?: Given): Promise<Answer>;
  delete(path: string, given?: Given): Promise<Answer>;
};

/** One process of the built product, which a test may kill. */
export class Process {
  private child: ChildProcess | undefined;
  private said: Buffer[] = [];
  private isAsked = false;

  constructor(
    readonly name: 'api' | 'worker',
    readonly port: number,
    private readonly env: Record<string, string>,
  ) {}

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** The end of all that it said. */
  get output(): string {
    return Buffer.concat(this.said).toString().slice(-OUTPUT_KEPT);
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** `mostKib`: as on a full disk, where no file of its own grows beyond. */
  async start(over: Record<string, string> = {}, mostKib?: number): Promise<void> {
    const command = [process.execPath, join(ROOT, `dist/${this.name}.js`)];
    const limited = ['bash', '-c', `trap '' XFSZ; ulimit -f ${mostKib}; exec "$@"`, 'bash', ...command];
    const [program = '', ...args] = mostKib ? limited : command;
    this.child = spawn(program, args, {
      cwd: ROOT,
      env: { ...this.env, ...over },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (said: Buffer) => this.keep(said));
    this.isAsked = false;
    this.child.once('exit', (code) => {
      if (code && !this.isAsked)
        process.stderr.write(`${this.name} ended by itself with ${code}:\n${this.output.slice(-4000)}\n`);
    });
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      if (!this.isRunning)
        throw new Error(`${this.name} ended with ${this.child.exitCode}:\n${this.output.slice(-4000)}`);
      const ready = await fetch(`http://127.0.0.1:${this.port}/health/ready`).catch(() => undefined);
      if (ready?.ok) return;
      await wait(50);
    }
    throw new Error(`${this.name} is not ready:\n${this.output.slice(-4000)}`);
  }

  /** There is a line for every request: what is too old goes many at a time. */
  private keep(said: Buffer): void {
    if (this.said.push(said) > 2 * OUTPUTS_KEPT) this.said = this.said.slice(-OUTPUTS_KEPT);
  }

  /** SIGKILL: no handler runs. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Waits until it ended by itself, as a failpoint makes it. */
  async ended(timeoutMs = 20_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (this.isRunning && Date.now() < until) await wait(20);
    if (this.isRunning) throw new Error(`${this.name} still runs`);
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child;
    if (!child || !this.isRunning) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    this.isAsked = true;
    child.kill(signal);
    return ended;
  }
}

export type NexusOptions = { apis?: number; workers?: number; env?: Record<string, string> };

/** The built product on a database of its own, with a real mail sink. Every answer is held against the document. */
export class Nexus {
  private readonly documented = Documented.read();
  private readonly undocumented = new Set<string>();
  private turn = 0;

  private constructor(
    readonly database: TestDatabase,
    public superuser: pg.Client,
    readonly sink: MailSink,
    readonly apis: Process[],
    readonly workers: Process[],
    readonly env: Record<string, string>,
    private readonly redis: TestRedis,
    private readonly folder: string,
    private readonly releasePorts: () => void,
  ) {}

  static async start(options: NexusOptions = {}): Promise<Nexus> {
    const folder = await mkdtemp(join(tmpdir(), 'nexus-e2e-'));
    const sink = await startMailSink({ smtpPort: 0, httpPort: 0 });
    const redis = await claimTestRedis();
    const environmentOf = (database: TestDatabase): Record<string, string> =>
      ({ ...process.env, ...environment(database, redis.url, sink, folder), ...options.env }) as Record<string, string>;
    const demoFiles = join(folderOfTheRun(), 'demo');
    const database = await createFilledDatabase('demo', async (empty) => {
      const env = { ...environmentOf(empty), STORAGE_DIR: demoFiles };
      await runCli('migrate', env);
      await runCli('seed', env);
    });
    const env = environmentOf(database);
    await cp(demoFiles, env.STORAGE_DIR ?? '', { recursive: true });
    const superuser = await connect(database);
    const apisWanted = options.apis ?? 1;
    // they are theirs while a process is down, too: whoever answered there instead would be taken for it
    const { ports, release } = await claimPorts(...Array<number>(apisWanted + (options.workers ?? 1)).fill(0));
    const apis = ports.slice(0, apisWanted).map((port) => new Process('api', port, { ...env, PORT: String(port) }));
    const workers = ports
      .slice(apisWanted)
      .map((port) => new Process('worker', port, { ...env, WORKER_PORT: String(port) }));
    const nexus = new Nexus(database, superuser, sink, apis, workers, env, redis, folder, release);
    await Promise.all([...apis, ...workers].map((process) => process.start()));
    return nexus;
  }

  get api(): Process {
    return this.apis[0] as Process;
  }

  get worker(): Process {
    return this.workers[0] as Process;
  }

  get url(): string {
    return `http://127.0.0.1:${this.api.port}`;
  }

  client(token = '', headers: Record<string, string> = {}): Client {
    const call = (method: string, path: string, body: unknown, given: Given = {}) =>
      this.request(method, path, {
        ...given,
        body: body ?? given.body,
        headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers, ...given.headers },
      });
    return {
      token,
      get: (path, given) => call('GET', path, undefined, given),
      post: (path, body, given) => call('POST', path, body, given),
      put: (path, body, given) => call('PUT', path, body, given),
      patch: (path, body, given) => call('PATCH', path, body, given),
      delete: (path, given) => call('DELETE', path, undefined, given),
    };
  }

  async request(
    method: string,
    path: string,
    { body, raw, headers, at = this.nextApi() }: Given = {},
  ): Promise<Answer> {
    const full = path.startsWith('/') ? path : `/api/v1/${path}`;
    const type = raw ? raw.type : body === undefined ? undefined : 'application/json';
    const response = await fetch(`http://127.0.0.1:${at.port}${full}`, {
      method,
      headers: { ...(type ? { 'content-type': type } : {}), ...headers },
      body: raw ? (raw.body as never) : body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    const { status, headers: told } = response;
    const answer: Answer = { status, headers: told, body: isJson && text ? JSON.parse(text) : text };
    for (const fault of this.documented.faultsOf(method, full, answer)) this.undocumented.add(fault);
    return answer;
  }

  private nextApi(): Process {
    const running = this.apis.filter(({ isRunning }) => isRunning);
    return running[this.turn++ % running.length] ?? this.api;
  }

  /** Logs a demo user in: `cso`, `manager@acme.example`. */
  async login(name: string): Promise<Client> {
    const email = name.includes('@') ? name : `${name}@demo.example`;
    const answer = await this.request('POST', 'auth/login', { body: { email, password: PASSWORD } });
    if (answer.status >= 300) throw new Error(`${email} cannot log in: ${JSON.stringify(answer.body)}`);
    return this.client(answer.body.accessToken);
  }

  /** Waits until nothing that is due is left to do. */
  async settled(timeoutMs = 20_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const { rows } = await this.superuser.query<{ pending: number; open: number }>(OPEN_WORK);
      if (rows[0]?.pending === 0 && rows[0].open === 0) return;
      if (Date.now() > until) {
        const open = await this.superuser.query(
          "select listener, state, attempts, last_error from deliveries where state in ('pending', 'running')",
        );
        throw new Error(
          `Not settled after ${timeoutMs} ms: ${JSON.stringify(rows)} ${JSON.stringify(open.rows)}\n${this.worker.output.slice(-2000)}`,
        );
      }
      await wait(50);
    }
  }

  /** A new connection of the test's own, after the database was away. */
  async reconnect(): Promise<void> {
    this.superuser = await connect(this.database);
  }

  /** @throws when one of all the answers was not as the document says */
  async stop(): Promise<void> {
    await this.end();
    if (this.undocumented.size)
      throw new Error(`Not as documented:\n${[...this.undocumented].slice(0, 50).join('\n')}`);
  }

  private async end(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].map((process) => process.stop()));
    this.releasePorts();
    await this.sink.stop();
    await this.superuser.end();
    await this.redis.release();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function connect(database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client(database.superuserUrl);
  client.on('error', () => undefined); // a test may kill the server
  await client.connect();
  return client;
}

function environment(database: TestDatabase, redisUrl: string, sink: MailSink, folder: string): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    REDIS_URL: redisUrl,
    JWT_SECRET: 'k7Qw2nVx9Zr4Tb6Yp1Lm8Hs3Dc5Jf0Gq',
    JWT_REFRESH_SECRET: 'u3Ne8Wa1Xo6Rk9Cv4Bi7Mt2Zj5Lh0Py',
    ENCRYPTION_KEY: Buffer.alloc(32, 3).toString('base64'),
    SMTP_URL: sink.smtpUrl,
    MAIL_FROM: 'Nexus <support@demo.example>',
    STORAGE_DIR: join(folder, 'files'),
    LOG_FILES: 'false',
    LOG_LEVEL: 'info',
    SWAGGER_ENABLED: 'true',
    DEMO: 'true',
    DEMO_PASSWORD: PASSWORD,
    RESPONSE_UNDO_SECONDS: '1',
    RATE_LIMIT_ANONYMOUS: '0',
    RATE_LIMIT_AUTHENTICATED: '0',
    RATE_LIMIT_BURST: '0',
    DATABASE_POOL_SIZE: '20',
    DATABASE_POOL_WAIT_SECONDS: '20', // as in slices
  };
}

export function runCli(command: string, env: Record<string, string>): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), command], { cwd: ROOT, env });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('exit', (code) => (code === 0 ? done(output) : fail(new Error(`${command} failed:\n${output}`))));
  });
}
