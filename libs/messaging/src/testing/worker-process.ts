import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { anEnvironment } from '@app/platform/testing';

const LOADER = fileURLToPath(new URL('./typescript.mjs', import.meta.url));
const WORKER = fileURLToPath(new URL('./run-worker.ts', import.meta.url));

/** A worker in a process of its own, which may be killed. */
export class WorkerProcess {
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  static start(env: NodeJS.ProcessEnv): WorkerProcess {
    const args = ['--import', LOADER, WORKER];
    return new WorkerProcess(
      spawn(process.execPath, args, {
        env: { PATH: process.env.PATH, ...anEnvironment(env) },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** The signal that ended it. @throws with what it said when it ended by itself */
  async killed(): Promise<string> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    if (this.child.signalCode === null)
      throw new Error(`The worker ended by itself with ${this.child.exitCode}: ${this.output}`);
    return this.child.signalCode;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
