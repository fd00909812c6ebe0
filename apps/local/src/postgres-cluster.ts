import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Identity, makeFolder, serverIdentity } from './identity.js';
import { type Binaries } from './postgres-binaries.js';
import { commandOf, isAlive } from './processes.js';

const run = promisify(execFile);

const MAJOR = '18';
const passwordFile = (dataDir: string): string => join(dataDir, 'nexus.superuser');

/** Another server runs on the data folder. */
export class ClusterInUse extends Error {
  constructor(readonly dataDir: string) {
    super(`A PostgreSQL already runs on ${dataDir}`);
    this.name = 'ClusterInUse';
  }
}

/** What the running server wrote into postmaster.pid, which is also its lock. */
export function readPostmaster(dataDir: string): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/** The id of the server that runs on the folder now. A pid file alone proves nothing: ids are used again. */
export function runningPostmaster(dataDir: string): number | undefined {
  const pid = readPostmaster(dataDir)?.pid;
  return pid && isAlive(pid) && commandOf(pid).includes(dataDir) ? pid : undefined;
}

/**
 * PostgreSQL itself clears the pid file of a dead server, but takes any living process under that id for its owner
 * (after a restart of a container the id is soon somebody else's).
 */
export async function clearStalePid(dataDir: string): Promise<void> {
  if (runningPostmaster(dataDir)) throw new ClusterInUse(dataDir);
  const pid = readPostmaster(dataDir)?.pid;
  if (pid && isAlive(pid)) await rm(join(dataDir, 'postmaster.pid'), { force: true });
}

export const superuserPassword = (dataDir: string): string => readFileSync(passwordFile(dataDir), 'utf8').trim();

/** Root runs the server as the folder's owner, so that a checkout may be used with sudo and without. */
export async function identityFor(dataDir: string): Promise<Identity | undefined> {
  const identity = await serverIdentity();
  if (!existsSync(dataDir)) return identity;
  const { uid, gid } = await stat(dataDir);
  if (identity) return uid === 0 ? identity : { uid, gid };
  if (process.getuid && uid !== process.getuid()) {
    throw new Error(`${dataDir} belongs to another user: remove it, or start as that user`);
  }
  return undefined;
}

async function privateFolder(path: string, identity: Identity | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (identity) await chown(path, identity.uid, identity.gid);
}

async function privateFile(path: string, content: string, identity: Identity | undefined): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  if (identity) await chown(path, identity.uid, identity.gid);
}

function assertMajor(dataDir: string): void {
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (found !== MAJOR) throw new Error(`${dataDir} was made by PostgreSQL ${found}, this is ${MAJOR}: npm run reset`);
}

/**
 * Creates the cluster unless it is there. It is built beside its place and then renamed, so that an interrupted or
 * a concurrent run leaves either a whole cluster or none.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  identity: Identity | undefined,
): Promise<void> {
  if (existsSync(dataDir)) return assertMajor(dataDir);
  makeFolder(dirname(dataDir));
  const unfinished = `${dataDir}.new-${process.pid}`;
  const password = `${unfinished}.password`;
  const sweep = (): Promise<unknown> =>
    Promise.all([unfinished, password].map((path) => rm(path, { recursive: true, force: true })));
  await sweep();
  try {
    await privateFolder(unfinished, identity);
    await privateFile(password, randomBytes(24).toString('base64url'), identity);
    const locale = ['--locale-provider=builtin', '--locale=C.UTF-8', '--encoding=UTF8', '--lc-messages=C'];
    const access = ['--auth=scram-sha-256', '--username=postgres', `--pwfile=${password}`];
    const args = [`--pgdata=${unfinished}`, ...locale, ...access, '--no-instructions'];
    await run(binaries.initdb, args, { ...identity, cwd: '/', env: { ...process.env, LC_ALL: 'C' } });
    await rename(password, passwordFile(unfinished));
    await rename(unfinished, dataDir).catch((error: Error) => {
      if (!existsSync(dataDir)) throw error;
    });
  } finally {
    await sweep();
  }
}
