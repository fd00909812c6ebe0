import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anEnvironment } from '../config/testing.js';
import { Compiled } from './testing/compiled.js';

class Run {
  output = '';
  errors = '';
  readonly closed: Promise<unknown[]>;
  private readonly changes = new EventEmitter();

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (data: Buffer) => this.changes.emit('said', (this.output += data.toString())));
    child.stderr.on('data', (data: Buffer) => this.changes.emit('said', (this.errors += data.toString())));
    this.closed = once(child, 'close').finally(() => this.changes.emit('said'));
  }

  async says(text: string): Promise<void> {
    while (!`${this.output}${this.errors}`.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`It ended before it said ${text}: ${this.errors}`);
      await once(this.changes, 'said');
    }
  }

  async url(): Promise<string> {
    await this.says('listening http');
    return /listening (\S+)/.exec(this.output)![1]!;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends what a failed test left behind. */
  end(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
  }

  async exitCode(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  told(): string[] {
    const words = ['slow answered', 'intake', 'work', 'nest hooks', 'connections'];
    return this.output.split('\n').filter((line) => words.includes(line));
  }
}

const answer = (url: string, agent?: Agent) =>
  new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    get(url, { agent: agent ?? false }, (response) => {
      response
        .resume()
        .on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }));
    }).on('error', reject);
  });

describe('A running process', { timeout: 20_000 }, () => {
  let compiled: Compiled;
  let run: Run;

  beforeAll(() => {
    compiled = Compiled.make();
  });
  afterEach(() => run.end());
  afterAll(() => compiled.remove());

  const start = (env: NodeJS.ProcessEnv = {}, ...args: string[]): Run => {
    const script = compiled.path('lifecycle/testing/stoppable-app.ts');
    run = new Run(
      spawn(process.execPath, [script, ...args], {
        env: { PATH: process.env.PATH, ...anEnvironment({ LOG_LEVEL: 'info', SHUTDOWN_GRACE_SECONDS: '5' }), ...env },
      }),
    );
    return run;
  };

  it('finishes what it accepted and stops in order on SIGTERM, with 0', async () => {
    const url = await start().url();
    const slow = answer(`${url}/slow`);
    await run.says('slow begun');

    run.signal('SIGTERM');

    expect((await slow).status).toBe(200);
    expect(await run.exitCode()).toBe(0);
    expect(run.told()).toEqual(['intake', 'slow answered', 'work', 'nest hooks', 'connections']);
  });

  it.each([
    ['slow', 'slow begun', 'close'],
    ['streamed', 'first part sent', 'keep-alive'],
  ])(
    'is not held back by the kept connection of an answer that was on its way: %s',
    async (path, begun, connection) => {
      const url = await start().url();
      const late = answer(`${url}/${path}`, new Agent({ keepAlive: true }));
      await run.says(begun);
      const told = performance.now();

      run.signal('SIGTERM');

      expect(await late).toEqual({ status: 200, connection });
      expect(await run.exitCode()).toBe(0);
      expect(performance.now() - told).toBeLessThan(4_000);
    },
  );

  it('still serves for a while after SIGTERM, and asks clients to leave', async () => {
    const url = await start({ SHUTDOWN_DELAY_SECONDS: '1' }).url();
    const agent = new Agent({ keepAlive: true });
    expect((await answer(`${url}/slow`, agent)).connection).toBe('keep-alive');

    run.signal('SIGTERM');
    await run.says('SIGTERM: draining');

    expect(await answer(`${url}/slow`, agent)).toEqual({ status: 200, connection: 'close' });
    expect(await run.exitCode()).toBe(0);
  });

  it('fails no request under load while its balancer takes half a second to notice', async () => {
    const url = await start({ SHUTDOWN_DELAY_SECONDS: '1' }).url();
    const ends: string[] = [];
    let hasNoticed = false;
    const client = async (agent: Agent | undefined): Promise<void> => {
      while (!hasNoticed) {
        const end = answer(`${url}/quick`, agent).then(({ status }) => String(status));
        ends.push(await end.catch((error: Error) => error.message));
      }
    };
    const clients = Array.from({ length: 20 }, (_, n) =>
      client(n % 2 ? undefined : new Agent({ keepAlive: true, maxSockets: 1 })),
    );

    run.signal('SIGTERM');
    setTimeout(() => (hasNoticed = true), 500);
    await Promise.all(clients);

    expect(await run.exitCode()).toBe(0);
    expect(ends.length).toBeGreaterThan(100);
    expect(new Set(ends)).toEqual(new Set(['200']));
  });

  it('drains once it has started when the signal comes while it starts', async () => {
    await start({ BOOT: 'lingers' }).url();

    run.signal('SIGTERM');

    expect(await run.exitCode()).toBe(0);
    expect(run.told()).toEqual(['intake', 'work', 'nest hooks', 'connections']);
  });

  it('is forced with 1 by a second signal while it starts', async () => {
    await start({ BOOT: 'hangs' }).url();
    run.signal('SIGTERM');
    await run.says('SIGTERM while starting');

    run.signal('SIGTERM');

    expect(await run.exitCode()).toBe(1);
  });

  it('goes on to the next step when one fails, and stops with 1', async () => {
    await start({ INTAKE: 'fails' }).url();

    run.signal('SIGTERM');

    expect(await run.exitCode()).toBe(1);
    expect(run.told()).toEqual(['intake', 'work', 'nest hooks', 'connections']);
    expect(run.output).toContain('Drain step tell of intake failed');
  });

  it('is forced with 1 when draining takes too long', async () => {
    await start({ INTAKE: 'hangs', SHUTDOWN_GRACE_SECONDS: '1' }).url();

    run.signal('SIGTERM');

    expect(await run.exitCode()).toBe(1);
    expect(run.output).toContain('Draining took longer than 1 s');
  });

  it('is forced with 1 by a second signal', async () => {
    await start({ INTAKE: 'hangs' }).url();
    run.signal('SIGTERM');
    await run.says('intake');

    run.signal('SIGINT');

    expect(await run.exitCode()).toBe(1);
    expect(run.output).toContain('A second SIGINT came');
  });

  it.each([
    ['crash', 'Uncaught exception', 'nobody caught this'],
    ['reject', 'Unhandled rejection', 'nobody awaited this'],
  ])('ends with 1 after a %s, which it logs as fatal to the last byte', async (path, what, message) => {
    const LOG_DIR = mkdtempSync(join(tmpdir(), 'nexus-crash-'));
    const url = await start({ NODE_ENV: 'development', LOG_FILES: 'true', LOG_DIR }).url();

    await answer(`${url}/${path}`).catch(() => undefined);

    expect(await run.exitCode()).toBe(1);
    const [file] = readdirSync(LOG_DIR).filter((name) => name.startsWith('error'));
    for (const log of [run.output, readFileSync(join(LOG_DIR, file!), 'utf8')]) {
      const line = log.split('\n').find((text) => text.includes(what));
      expect(JSON.parse(line!)).toMatchObject({ level: 60, err: { message } });
    }
    rmSync(LOG_DIR, { recursive: true });
  });

  it('does not start with a weak secret in production, and names the variable alone', async () => {
    start({ NODE_ENV: 'production', JWT_SECRET: 'canary-7Hq' });

    expect(await run.exitCode()).toBe(1);
    expect(run.errors).toContain('JWT_SECRET is shorter than 32 characters');
    expect(run.errors + run.output).not.toContain('canary-7Hq');
  });

  it('does not start with a failpoint that does not exist', async () => {
    start({ FAILPOINT: 'stoppable.misspelt' });

    expect(await run.exitCode()).toBe(1);
    expect(run.output + run.errors).toContain('FAILPOINT names no point');
  });

  it('tells its configuration at start without a secret', async () => {
    await start().says('"msg":"Started"');

    expect(run.output).toContain('"REDIS_URL":"redis://localhost:6379"');
    expect(run.output).not.toContain(anEnvironment().JWT_SECRET);
    run.signal('SIGTERM');
    expect(await run.exitCode()).toBe(0);
  });

  it.each([
    [{}, 0, 'The configuration is valid.'],
    [{ DATABASE_URL: '' }, 1, 'DATABASE_URL is not set'],
  ])('only validates with --check-config: %o exits with %i', async (env, code, text) => {
    start(env, '--check-config');

    expect(await run.exitCode()).toBe(code);
    expect(run.output + run.errors).toContain(text);
    expect(run.output).not.toContain('listening');
  });
});
