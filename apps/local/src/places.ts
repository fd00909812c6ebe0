import { createHash } from 'node:crypto';
import { isAbsolute, join, relative } from 'node:path';
import { makeFolder, serverIdentity, succeedsAs } from './identity.js';

export const SYSTEM_HOME = '/var/lib/nexus';

/**
 * Where a checkout keeps its data: `.nexus` inside it, or, where the account that PostgreSQL runs under may not enter
 * (a checkout in /root), a folder of its own under /var/lib/nexus.
 */
export async function dataHome(checkout: string): Promise<string> {
  const identity = await serverIdentity();
  const inside = join(checkout, '.nexus');
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 12);
  const mayEnter = !identity || succeedsAs(identity, 'cd -- "$1"', checkout);
  const home = mayEnter ? inside : join(SYSTEM_HOME, name);
  makeFolder(home);
  return home;
}

/** A path as a person in the checkout would type it. */
export function shown(checkout: string, path: string): string {
  const short = relative(checkout, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
