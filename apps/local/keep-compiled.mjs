import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';

// Runs the built API once with each set of V8's flags that processes are started with, and once without any as `npm start`
// and the tests start them, so that what it compiled is kept for them (apps/launch.ts). Writing the document needs neither a
// database nor Redis, and makes all that an API is made of.
const checkout = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
const flagsOf = (script) => scripts[script].split(' ').filter((word) => word.startsWith('--'));

const keep = async (flags) => {
  const args = [...flags, 'dist/openapi.js', devNull, '--keep-compiled'];
  const [code] = await once(spawn(process.execPath, args, { cwd: checkout, stdio: 'inherit' }), 'exit');
  if (code !== 0) process.exitCode = 1;
};
const sets = new Map([[], ...['start:api', 'start:worker'].map(flagsOf)].map((flags) => [flags.join(' '), flags]));
await Promise.all([...sets.values()].map(keep));
