import { watch } from 'node:fs';
import { join } from 'node:path';
import { Launched } from './processes.js';
import { type Tell } from './progress.js';

const SETTLE_MS = 700;

export type Rebuilding = { stop(): Promise<void> };

/** Compiles on every change of a source and calls back once the compiler has stopped writing. */
export async function rebuildOnChange(
  checkout: string,
  tell: Tell,
  onRebuilt: () => Promise<void>,
): Promise<Rebuilding> {
  const args = [join(checkout, 'node_modules/@nestjs/cli/bin/nest.js'), 'build', '--watch', '--preserveWatchOutput'];
  const compiler = await Launched.start(process.execPath, args, {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit'],
    lastSignal: 'SIGTERM',
  });
  let timer: NodeJS.Timeout | undefined;
  let restarted = Promise.resolve();
  const watcher = watch(join(checkout, 'dist'), { recursive: true }, (_event, file) => {
    if (!file?.endsWith('.js')) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      tell('dev', 'the code has changed: restarting the API and the worker');
      restarted = restarted.then(onRebuilt);
    }, SETTLE_MS);
  });
  return {
    stop: async () => {
      watcher.close();
      clearTimeout(timer);
      await compiler.end();
      await restarted;
    },
  };
}
