import { once } from 'node:events';
import { Launched } from './processes.js';

export type CommandOptions = { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal };

/**
 * Runs Node on a script to its end and returns what it printed.
 * @throws Error with the output when it fails; the signal's reason when it is aborted, once the process is gone
 */
export async function runNode(args: string[], { cwd, env, signal }: CommandOptions): Promise<string> {
  signal.throwIfAborted();
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const { child, exited } = await Launched.start(process.execPath, args, { cwd, env, stdio, lastSignal: 'SIGTERM' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  await once(child, 'close');
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if ((await exited).code !== 0) throw new Error(output.trim() || 'It said nothing.');
  return output;
}
