import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf, isAlive } from './processes.js';

type Owner = { pid: number; birth: string };

/** A stack already runs on the data folder. */
export class StackRunning extends Error {
  constructor(home: string, pid: number) {
    super(`A stack already runs on ${home} (process ${pid}): stop it first`);
    this.name = 'StackRunning';
  }
}

const fileIn = (home: string): string => join(home, 'stack.json');

/** The process whose stack runs on the folder, undefined when there is none or it died without a word. */
export function stackOwner(home: string): number | undefined {
  try {
    const { pid, birth } = JSON.parse(readFileSync(fileIn(home), 'utf8')) as Owner;
    return isAlive(pid) && birthOf(pid) === birth ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Claims the data folder for this process and returns what gives it back.
 * @throws StackRunning when another living process holds it
 */
export function claimHome(home: string): () => void {
  const owner: Owner = { pid: process.pid, birth: birthOf(process.pid) };
  const write = (): void => writeFileSync(fileIn(home), JSON.stringify(owner), { flag: 'wx' });
  try {
    write();
  } catch (error) {
    const holder = stackOwner(home);
    if (holder) throw new StackRunning(home, holder);
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    rmSync(fileIn(home), { force: true });
    write();
  }
  return () => rmSync(fileIn(home), { force: true });
}
