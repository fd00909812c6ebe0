import { join } from 'node:path';
import { type Rebuilding, rebuildOnChange } from './dev.js';
import { dataHome, shown } from './places.js';
import { stopwatch, tell } from './progress.js';
import { resetHome } from './reset.js';
import { StackRunning } from './stack-lock.js';
import { Stack } from './stack.js';

export type StartOptions = { checkout: string; demo: boolean; dev: boolean };

class Interrupted extends Error {}

/** Aborts on the signals that ask a process to end. A second Ctrl-C changes nothing: npm sends one of its own. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new Interrupted(signal)));
  }
  return controller.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );

/** Brings the stack up and keeps it until a signal. Returns the exit code. */
export async function start({ checkout, demo, dev }: StartOptions): Promise<number> {
  const time = stopwatch();
  const signal = interruption();
  const home = await dataHome(checkout);
  const stack = new Stack({ checkout, home, demo, patient: dev, tell, signal });
  let rebuilding: Rebuilding | undefined;
  let code = 0;
  let refused = false;
  try {
    await stack.start();
    if (dev) rebuilding = await rebuildOnChange(checkout, tell, () => stack.restartServices());
    summarise(stack, shown(checkout, home), time());
    await Promise.race([aborted(signal), stack.failed]);
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      code = 1;
      refused = error instanceof StackRunning;
      tell('failed', error instanceof Error ? error.message : String(error));
    }
  }
  if (code === 0) tell('stop', 'stopping the worker, the API, Redis and PostgreSQL');
  await rebuilding?.stop();
  await stack.stop();
  if (!refused) tell('stop', `stopped; the data stays in ${shown(checkout, home)}`);
  return code;
}

/** Where the running stack tells its addresses and secrets to the command line. */
export const stackEnvironmentFile = async (checkout: string): Promise<string> =>
  join(await dataHome(checkout), 'stack.env');

/** Drops the data of the stack. Returns the exit code. */
export async function reset({ checkout }: { checkout: string }): Promise<number> {
  const home = await dataHome(checkout);
  try {
    await resetHome(home);
  } catch (error) {
    tell('reset', error instanceof Error ? error.message : String(error));
    return 1;
  }
  tell('reset', `all data in ${shown(checkout, home)} is gone; the next start begins anew`);
  return 0;
}

function summarise(stack: Stack, home: string, time: string): void {
  const { api, mail } = stack.urls;
  const accounts = stack.accounts.map(({ email, role }) => `             ${email}  ${role}`);
  const access = stack.demoPassword
    ? [`  Accounts   password ${stack.demoPassword}`, ...accounts]
    : ['  Accounts   npm run seed:admin makes the first'];
  const lines = [
    '',
    `  Nexus is ready after ${time}`,
    '',
    `  Swagger    ${api}/api-docs`,
    `  Sent mail  ${mail}`,
    ...access,
    `  Logs       ${home}/logs`,
    `  Data       ${home} (npm run reset drops it)`,
    '  Stop       Ctrl-C',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
