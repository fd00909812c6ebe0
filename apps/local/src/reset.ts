import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runningPostmaster } from './postgres-cluster.js';
import { stackOwner, StackRunning } from './stack-lock.js';

const foldersIn = (path: string): string[] =>
  existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];

/**
 * Drops all data of a checkout: databases, files, secrets, the kept test clusters.
 * @throws StackRunning while a stack or a test run uses any of it
 */
export async function resetHome(home: string): Promise<void> {
  const clusters = [join(home, 'postgres'), ...foldersIn(join(home, 'test'))];
  const user = stackOwner(home) ?? clusters.map(runningPostmaster).find((pid) => pid !== undefined);
  if (user) throw new StackRunning(home, user);
  await Promise.all(foldersIn(home).map((path) => rm(path, { recursive: true, force: true })));
}
