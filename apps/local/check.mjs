import { spawn } from 'node:child_process';
import { build, prepared } from './prepare.mjs';

/** What must hold before a change is shared. Locally and in CI it is this list. */
const CHECKS = [
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'boundaries',
    args: [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      'apps',
      'libs',
      'test',
      'vitest.config.ts',
      '--config',
    ],
  },
  { name: 'unused code', args: ['node_modules/knip/bin/knip.js'] },
  { name: 'unit tests', args: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit'] },
  { name: 'OpenAPI', args: ['test/support/openapi-diff.mjs'], built: true },
  {
    name: 'migrations',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', 'apps/worker/src/catalog'],
  },
];

function run(cwd, args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('close', (code) => done({ failed: code !== 0, output: Buffer.concat(chunks).toString().trim() }));
  });
}

async function attempt(checkout, { args, built }) {
  try {
    if (built) await prepared(checkout, build);
  } catch (error) {
    return { failed: true, output: error.message };
  }
  return run(checkout, args);
}

/** Runs every check, whatever the others say, and returns the exit code. */
export async function check(checkout) {
  const failures = [];
  for (const each of CHECKS) {
    const began = performance.now();
    const { failed, output } = await attempt(checkout, each);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${failed ? 'FAILED' : 'ok    '} ${each.name.padEnd(12)} ${seconds.padStart(6)} s\n`);
    if (failed) {
      failures.push(each.name);
      process.stdout.write(`${output}\n\n`);
    }
  }
  process.stdout.write(failures.length ? `\n${failures.length} failed: ${failures.join(', ')}\n` : '\nAll is well.\n');
  return failures.length ? 1 : 0;
}
