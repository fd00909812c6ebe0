import { execFile } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const NAMES = ['redis-server', 'valkey-server'];
const POLICY = '/usr/sbin/policy-rc.d';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first redis-server, then the first valkey-server, on a search path. */
export const findRedis = (path: string = process.env.PATH ?? ''): string | undefined =>
  NAMES.flatMap((name) =>
    path
      .split(delimiter)
      .filter(Boolean)
      .map((folder) => join(folder, name)),
  ).find(isProgram);

/** Debian, Ubuntu, and what calls itself like them (os-release(5)). */
const isDebianLike = (): boolean =>
  existsSync('/etc/os-release') && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));

/** The sentence for a person whose machine has no Redis and on which this program may not install one. */
export function redisAdvice(platform: NodeJS.Platform = process.platform): string {
  const command = platform === 'darwin' ? 'brew install redis' : 'sudo apt-get install redis-server';
  return `Nexus needs a Redis and found none: type \`${command}\`, or set REDIS_URL`;
}

/** Debian starts a service as soon as it is installed, unless policy-rc.d answers 101 (Debian policy 9.3.3.1). */
async function withoutServices(work: () => Promise<unknown>): Promise<void> {
  if (existsSync(POLICY)) return void (await work());
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
  chmodSync(POLICY, 0o755);
  try {
    await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

async function installWithApt(): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): Promise<unknown> => run('apt-get', args, { env, maxBuffer: 16 * 1024 * 1024 });
  await apt('update');
  await withoutServices(() =>
    apt('install', '-y', '--no-install-recommends', '--reinstall', 'redis-server', 'redis-tools'),
  );
}

/** The program to run, installed when this is root on Debian or Ubuntu. `tell` hears of an installation before it begins. */
export async function redisBinary(tell: (line: string) => void): Promise<string> {
  const found = findRedis();
  if (found) return found;
  if (process.getuid?.() !== 0 || !isDebianLike()) throw new Error(redisAdvice());
  tell('none on this machine: installing redis-server with apt-get');
  await installWithApt().catch((error: Error) => {
    throw new Error(`${redisAdvice()} (apt-get failed: ${error.message.trim()})`);
  });
  const installed = findRedis() ?? findRedis('/usr/bin:/usr/local/bin');
  if (!installed) throw new Error(redisAdvice());
  return installed;
}
