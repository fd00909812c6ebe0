import { join } from 'node:path';
import { runNode } from './command.js';
import { stackEnvironment, writeEnvironment } from './environment.js';
import { type MailSink, startMailSink } from './mail-sink.js';
import { claimPorts } from './ports.js';
import { stopwatch, type Tell } from './progress.js';
import { localSecrets } from './secrets.js';
import { bringUpServers, type Closing } from './servers.js';
import { Service } from './service.js';
import { claimHome } from './stack-lock.js';

export type StackOptions = {
  checkout: string;
  home: string;
  demo: boolean;
  /** For development: shows the output of the services and outlives their crashes. */
  patient: boolean;
  tell: Tell;
  /** Aborted to give up a start that is under way. */
  signal: AbortSignal;
};

export type DemoAccount = { email: string; role: string };

const CLI = 'dist/cli.js';
const PREFERRED = { api: 3000, worker: 3001, smtp: 1025, http: 8025 };

/** PostgreSQL, Redis, the mail sink, the API and the worker: brought up in this order, stopped in the opposite one. */
export class Stack {
  private readonly closers: (() => Promise<void> | void)[] = [];
  private readonly services: Service[] = [];
  private stopping = false;
  private reportFailure: (error: Error) => void = () => undefined;
  private environment: Record<string, string> = {};
  private sink?: MailSink;
  accounts: DemoAccount[] = [];

  /** Rejects when a part of the running stack is lost for good. */
  readonly failed = new Promise<never>((_resolve, reject) => {
    this.reportFailure = reject;
  });

  constructor(private readonly options: StackOptions) {
    this.failed.catch(() => undefined);
  }

  get urls(): { api: string; mail: string } {
    return { api: `http://localhost:${this.environment.PORT}`, mail: this.sink?.httpUrl ?? '' };
  }

  get demoPassword(): string | undefined {
    return this.environment.DEMO_PASSWORD;
  }

  async start(): Promise<void> {
    const { home, demo, signal } = this.options;
    this.closers.push(claimHome(home));
    await this.prepareEnvironment();
    signal.throwIfAborted();
    await this.runCli('migrate', 'database', 'migrated');
    if (demo) this.accounts = readAccounts(await this.runCli('seed', 'demo', 'data loaded'));
    signal.throwIfAborted();
    await this.startServices();
  }

  /** Stops all that runs; what fails to stop does not keep the rest from stopping. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.stopServices();
    for (const close of this.closers.reverse()) {
      await Promise.resolve(close()).catch((error: Error) => this.options.tell('stop', error.message));
    }
  }

  async restartServices(): Promise<void> {
    await Promise.all(this.services.map((service) => service.restart()));
  }

  private async stopServices(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
  }

  private async prepareEnvironment(): Promise<void> {
    const { home, demo } = this.options;
    const secrets = localSecrets(home);
    const closing: Closing = {
      later: (close) => this.closers.push(close),
      watch: (name, exited) =>
        void exited.then(
          () => this.stopping || this.reportFailure(new Error(`${name} ended unexpectedly: its log is in ${home}`)),
        ),
    };
    const databases = await bringUpServers({ ...this.options, secrets, closing });
    const { smtpUrl } = await this.startSink();
    const { PORT, WORKER_PORT } = process.env;
    const { ports, release } = await claimPorts(Number(PORT || PREFERRED.api), Number(WORKER_PORT || PREFERRED.worker));
    this.closers.push(release);
    const [apiPort = 0, workerPort = 0] = ports;
    this.environment = stackEnvironment(home, demo, secrets, { ...databases, smtpUrl, apiPort, workerPort });
    writeEnvironment(home, this.environment);
  }

  private async startSink(): Promise<MailSink> {
    const { MAIL_SINK_SMTP_PORT, MAIL_SINK_HTTP_PORT } = process.env;
    const sink = await startMailSink({
      smtpPort: Number(MAIL_SINK_SMTP_PORT || PREFERRED.smtp),
      httpPort: Number(MAIL_SINK_HTTP_PORT || PREFERRED.http),
    });
    this.sink = sink;
    this.closers.push(() => sink.stop());
    this.options.tell('mail', `taken on ${sink.smtpUrl}, shown on ${sink.httpUrl}`);
    return sink;
  }

  private async runCli(command: string, part: string, done: string): Promise<string> {
    const { checkout, tell, signal } = this.options;
    const time = stopwatch();
    const env = { ...process.env, ...this.environment };
    const output = await runNode([CLI, command], { cwd: checkout, env, signal }).catch((error: Error) => {
      signal.throwIfAborted();
      throw new Error(`The command "${command}" failed:\n${error.message}`);
    });
    tell(part, `${done} in ${time()}`);
    return output;
  }

  private async startServices(): Promise<void> {
    const { tell, signal } = this.options;
    const api = this.service('api', this.environment.PORT);
    const worker = this.service('worker', this.environment.WORKER_PORT);
    const time = stopwatch();
    const giveUp = (): void => void this.stopServices();
    signal.addEventListener('abort', giveUp, { once: true });
    await Promise.all([api.start(), worker.start()]).catch((error: Error) => {
      signal.throwIfAborted();
      throw error;
    });
    signal.removeEventListener('abort', giveUp);
    for (const service of this.services) service.failed.catch(this.reportFailure);
    tell('api', `ready on ${this.urls.api} after ${time()}`);
    tell('worker', `ready on http://localhost:${this.environment.WORKER_PORT}`);
  }

  private service(name: string, port = ''): Service {
    const { checkout, home, tell, patient } = this.options;
    // What is compiled anew on every change is run as the compiler left it.
    const args = patient ? ['--enable-source-maps', `dist/apps/${name}/src/main.js`] : [`dist/${name}.js`];
    const service = new Service({
      name,
      args,
      cwd: checkout,
      env: { ...process.env, ...this.environment },
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
      log: join(home, 'logs', `${name}.out`),
      tell,
      echo: patient,
      patient,
    });
    this.services.push(service);
    return service;
  }
}

/** The seed prints a line `account <email> <role>` for each person one can log in as. */
export const readAccounts = (output: string): DemoAccount[] =>
  [...output.matchAll(/^account\s+(\S+@\S+)\s+(.+)$/gm)].map(([, email = '', role = '']) => ({
    email,
    role: role.trim(),
  }));
