/** A named place in the code where a test may break the process. */
export type Failpoint = { readonly name: string; readonly description: string };

type Mode = 'exit' | 'throw' | 'stall';
type Armed = { name: string; remaining: number; mode: Mode; seconds: number };

const DEFAULT_STALL_SECONDS = 60;
const SYNTAX = /^([a-z][a-z.-]*)(?::(\d{1,9}))?(?::(exit|throw|stall)(?:-(\d{1,4}))?)?$/;

const defined = new Map<string, Failpoint>();

/** `defineFailpoint('outbox.after-commit', 'The write is committed, nobody has been told.')` */
export function defineFailpoint(name: `${string}.${string}`, description: string): Failpoint {
  if (defined.has(name)) throw new Error(`Failpoint ${name} is defined twice`);
  const point = Object.freeze({ name, description });
  defined.set(name, point);
  return point;
}

/** Every place that a test can break, by name. */
export const definedFailpoints = (): ReadonlyMap<string, Failpoint> => defined;

export class FailpointStruck extends Error {
  constructor(point: string) {
    super(`Failpoint ${point} was struck`);
    this.name = 'FailpointStruck';
  }
}

let armed = arm(process.env);

/** For a test in this very process, which sets FAILPOINT after this was loaded; without it nothing is armed any more. */
export function rearmFailpoint(env: NodeJS.ProcessEnv = process.env): void {
  armed = arm(env);
}

/**
 * Breaks the process here when `FAILPOINT=name[:nth][:mode]` names this point, the nth time it is reached: `exit` kills
 * it with SIGKILL (no handler runs, nothing is flushed), `throw` throws, `stall` blocks its event loop for 60 seconds
 * (`stall-5`: for 5).
 */
export function failpoint(point: Failpoint): void {
  if (armed !== undefined && armed.name === point.name) reach(armed);
}

/** @throws Error when FAILPOINT names nothing that exists: a test that breaks nothing would pass. */
export function verifyFailpoint(env: NodeJS.ProcessEnv = process.env): void {
  const given = env.FAILPOINT;
  if (!given) return;
  const name = SYNTAX.exec(given)?.[1];
  if (name === undefined || !defined.has(name))
    throw new Error(`FAILPOINT names no point: ${[...defined.keys()].join(', ')}`);
}

function arm(env: NodeJS.ProcessEnv): Armed | undefined {
  if (!env.FAILPOINT || env.NODE_ENV === 'production') return undefined;
  const [, name, nth, mode, seconds] = SYNTAX.exec(env.FAILPOINT) ?? [];
  if (name === undefined) return undefined;
  return {
    name,
    remaining: Number(nth ?? 1),
    mode: (mode ?? 'exit') as Mode,
    seconds: Number(seconds ?? DEFAULT_STALL_SECONDS),
  };
}

function reach(point: Armed): void {
  point.remaining -= 1;
  if (point.remaining !== 0) return;
  switch (point.mode) {
    case 'exit':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'throw':
      throw new FailpointStruck(point.name);
    case 'stall':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, point.seconds * 1_000);
  }
}
