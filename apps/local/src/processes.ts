import { type ChildProcess, spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A signal, and how many milliseconds the process has to obey it. */
export type EndStep = [NodeJS.Signals, number];

export type LaunchOptions = SpawnOptions & { lastSignal: NodeJS.Signals };

const POLITE: EndStep[] = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
];

/** A child that a Ctrl-C in the terminal does not reach, and that does not outlive this process, however it ends. */
export class Launched {
  private constructor(
    readonly child: ChildProcess,
    readonly pid: number,
    readonly exited: Promise<Exit>,
  ) {}

  static async start(command: string, args: string[], { lastSignal, ...options }: LaunchOptions): Promise<Launched> {
    const child = spawn(command, args, { ...options, detached: true });
    const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    if (child.pid === undefined) throw new Error(`${command} did not start`);
    const leash = holdOnLeash(child.pid, lastSignal);
    void exited.then(() => leash.kill('SIGKILL'));
    return new Launched(child, child.pid, exited);
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async end(steps: EndStep[] = POLITE): Promise<void> {
    for (const [signal, milliseconds] of steps) {
      if (this.hasExited) return;
      this.child.kill(signal);
      const timeout = new AbortController();
      await Promise.race([
        this.exited,
        sleep(milliseconds, undefined, { signal: timeout.signal }).catch(() => undefined),
      ]);
      timeout.abort();
    }
  }
}

/** A shell that reads a pipe which ends only when this process does, even by SIGKILL, and then sends the signal. */
function holdOnLeash(pid: number, signal: NodeJS.Signals): ChildProcess {
  const script = 'read -r _; kill -s "$1" "$2" 2>/dev/null';
  const args = ['-c', script, 'leash', signal.slice('SIG'.length), String(pid)];
  const leash = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  leash.on('error', () => undefined);
  leash.unref();
  if (leash.stdin instanceof Socket) leash.stdin.unref();
  return leash;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const ps = (pid: number, column: string): string =>
  spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';

/** The command line of a running process; empty when there is none. A slim Linux has no `ps`, macOS no `/proc`. */
export function commandOf(pid: number): string {
  if (!existsSync('/proc/self/cmdline')) return ps(pid, 'command');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** When a running process began, in no particular unit: with its id it names one process, since ids are used again. */
export function birthOf(pid: number): string {
  if (!existsSync('/proc/self/stat')) return ps(pid, 'lstart');
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the second field may itself contain spaces and parentheses; `starttime` is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
