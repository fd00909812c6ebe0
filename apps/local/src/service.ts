import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EndStep, type Exit, Launched } from './processes.js';
import { type Tell } from './progress.js';

export type ServiceOptions = {
  name: string;
  /** Arguments of Node: the script and its own. */
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Answers 200 once the service is ready. */
  readyUrl: string;
  /** Where its output goes. */
  log: string;
  tell: Tell;
  /** Also shows its output line by line. */
  echo?: boolean;
  /** Does not give up when it dies too often, but waits for `restart()`. */
  patient?: boolean;
  readyTimeoutMs?: number;
};

const READY_TIMEOUT_MS = 60_000;
const MAX_RESTARTS = 5;
const WINDOW_MS = 60_000;
const TAIL = 25;
const END: EndStep[] = [
  ['SIGTERM', 15_000],
  ['SIGKILL', 5_000],
];

const describeExit = ({ code, signal }: Exit): string =>
  signal ? `was ended by ${signal}` : `ended with code ${code}`;

/** A process of ours that is kept running: started until ready, started again when it dies, up to a limit. */
export class Service {
  private running?: Launched;
  private log?: WriteStream;
  private tail: string[] = [];
  private deaths: number[] = [];
  private expected = true;
  private reviving: Promise<void> = Promise.resolve();
  private reportFailure: (error: Error) => void = () => undefined;

  /** Rejects once the service has died too often; settles in no other way. */
  readonly failed = new Promise<never>((_resolve, reject) => {
    this.reportFailure = reject;
  });

  constructor(private readonly options: ServiceOptions) {
    this.failed.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.running?.pid;
  }

  async start(): Promise<void> {
    mkdirSync(dirname(this.options.log), { recursive: true });
    this.log ??= createWriteStream(this.options.log);
    this.expected = false;
    const launched = await this.launch();
    const dead = await this.untilReady(launched);
    if (dead) throw new Error(`The ${this.options.name} ${dead}. Its last words:\n${this.tail.join('\n')}`);
    this.watch(launched);
  }

  async stop(): Promise<void> {
    this.expected = true;
    await this.running?.end(END);
    await this.reviving;
    this.log?.end();
    this.log = undefined;
  }

  /** Stops and starts again, for new code. What does not start is told, and waits for the next code. */
  async restart(): Promise<void> {
    await this.stop();
    this.deaths = [];
    await this.start().catch((error: Error) => this.options.tell(this.options.name, error.message));
  }

  private async launch(): Promise<Launched> {
    const { args, cwd, env } = this.options;
    const launched = await Launched.start(process.execPath, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      lastSignal: 'SIGTERM',
    });
    for (const stream of [launched.child.stdout, launched.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.record(text));
    }
    return (this.running = launched);
  }

  private record(text: string): void {
    this.log?.write(text);
    const lines = text.split('\n').filter(Boolean);
    this.tail = [...this.tail, ...lines].slice(-TAIL);
    if (this.options.echo) for (const line of lines) this.options.tell(this.options.name, line);
  }

  /** Undefined once it is ready, else why it never will be. */
  private async untilReady(launched: Launched): Promise<string | undefined> {
    const { readyUrl, readyTimeoutMs = READY_TIMEOUT_MS } = this.options;
    const deadline = Date.now() + readyTimeoutMs;
    while (Date.now() < deadline) {
      if (launched.hasExited) return describeExit(await launched.exited);
      const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok && !launched.hasExited) return undefined;
      await sleep(100);
    }
    await launched.end(END);
    return `was not ready within ${readyTimeoutMs / 1000} s`;
  }

  private watch(launched: Launched): void {
    void launched.exited.then((exit) => {
      if (this.expected || this.running !== launched) return;
      this.reviving = this.revive(describeExit(exit)).catch(this.reportFailure);
    });
  }

  private async revive(death: string): Promise<void> {
    const { name, tell, patient } = this.options;
    const now = Date.now();
    this.deaths = [...this.deaths.filter((earlier) => now - earlier < WINDOW_MS), now];
    if (this.deaths.length > MAX_RESTARTS) {
      if (!patient) throw new Error(`The ${name} ${death}, for the ${this.deaths.length}th time in a minute`);
      tell(name, `${death} again and again: waiting for a change`);
      return;
    }
    tell(name, `${death} unexpectedly, starting it again (${this.deaths.length} of ${MAX_RESTARTS})`);
    const successor = await this.launch();
    this.watch(successor);
    if (this.expected) await successor.end(END);
    else void this.untilReady(successor).then((dead) => dead ?? tell(name, 'is back'));
  }
}
