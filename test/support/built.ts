import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What the build leaves last. Tests may begin before: who fails to build ends them (apps/local/bootstrap.mjs). */
const BUILT = resolve(import.meta.dirname, '../../dist/.nexus-built');
const PATIENCE_MS = 300_000;

const until = Date.now() + PATIENCE_MS;
while (!existsSync(BUILT)) {
  if (Date.now() > until) throw new Error('These tests run the built product, and nobody has built it: npm run build');
  await wait(100);
}
