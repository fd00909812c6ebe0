import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account that a server process runs under. */
export type Identity = { uid: number; gid: number };

const ACCOUNT = 'nexus';

const isRoot = (): boolean => process.getuid?.() === 0;

async function accountOf(name: string): Promise<Identity | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** PostgreSQL refuses to run as root, so root lends it a system account. Undefined means: as whoever we are. */
export async function serverIdentity(): Promise<Identity | undefined> {
  if (!isRoot()) return undefined;
  if (process.platform !== 'linux') {
    throw new Error('PostgreSQL does not run as root: start the stack as an ordinary user');
  }
  const existing = await accountOf(ACCOUNT);
  if (existing) return existing;
  const home = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
  const refusal = await run('useradd', ['--system', '--user-group', ...home, ACCOUNT]).then(
    () => undefined,
    (error: Error) => error,
  );
  // Two runs may create it at the same time: what counts is that it is there.
  const created = await accountOf(ACCOUNT);
  if (!created)
    throw new Error(`The system account "${ACCOUNT}" could not be created: ${refusal?.message ?? 'unknown'}`);
  return created;
}

/** Whether a shell command succeeds under the identity. Permissions are asked for, not computed: there are ACLs. */
export const succeedsAs = (identity: Identity | undefined, script: string, ...args: string[]): boolean =>
  spawnSync('/bin/sh', ['-c', script, 'sh', ...args], { ...identity, cwd: '/', stdio: 'ignore' }).status === 0;

/** Creates a folder, and what is missing above it, open to other accounts whatever the umask says. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}
