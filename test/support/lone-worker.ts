import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { anEnvironment } from '@app/platform/testing';

const WORKER = join(import.meta.dirname, '../../dist/worker.js');

/** The built worker of some contexts alone, which may be killed. */
export class LoneWorker {
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  static start(env: NodeJS.ProcessEnv): LoneWorker {
    return new LoneWorker(
      spawn(process.execPath, [WORKER], {
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
