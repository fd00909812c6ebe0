import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT, inCheckout, say } from './places.mjs';

const run = promisify(execFile);
const SPEC = 'apps/worker/src/access/prover.db.spec.ts';
const TEST = 'is decided alike by the code and by PostgreSQL';

/** How long it takes to prove, case by case, that the code reaches the records that PostgreSQL reaches; as CI runs it. */
export async function measureProver({ home }) {
  mkdirSync(home, { recursive: true });
  const outputFile = join(home, 'prover.json');
  const vitest = inCheckout('node_modules/vitest/vitest.mjs');
  const args = ['run', '--project', 'integration', SPEC, '-t', TEST, '--reporter=json', `--outputFile=${outputFile}`];
  const began = performance.now();
  await run(process.execPath, [vitest, ...args], { cwd: CHECKOUT, maxBuffer: 2 ** 26 });
  const seconds = (performance.now() - began) / 1000;
  const { testResults } = JSON.parse(readFileSync(outputFile, 'utf8'));
  const [test] = testResults.flatMap((file) => file.assertionResults).filter(({ status }) => status === 'passed');
  const found = { seconds, cases: test.meta.cases, casesPerSecond: test.meta.cases / (test.duration / 1000) };
  say('prover', `${found.cases} cases, ${Math.round(found.casesPerSecond)} a second, ${seconds.toFixed(1)} s in all`);
  return found;
}
