import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What the build leaves last. Tests may begin before: who fails to build ends them (apps/local/bootstrap.mjs). */
const BUILT = resolve(import.meta.dirname, '../../dist/.nexus-built');

while (!existsSync(BUILT)) await wait(100);
