import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drive, warm } from './drive.mjs';
import { CHECKOUT, say } from './places.mjs';
import { startApp } from './processes.mjs';
import { takeSample } from './sample.mjs';

const MOST = 30;

/** Runs each case alone against an API of its own that samples its stack, and prints where its time went. */
export async function profileCases(servers, urls, cases, seconds) {
  for (const each of cases) {
    const folder = join(servers.home, 'profiles', each.name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const began = performance.now();
    const api = await startApp(servers, urls, 'api', { flags: ['--cpu-prof', `--cpu-prof-dir=${folder}`] });
    const sample = await takeSample(servers, 'bench', api);
    await warm(api, each.ours(sample), sample.headers);
    const driving = performance.now();
    const { cpuMicroseconds, total } = await drive(api, each.ours(sample), { seconds, headers: sample.headers });
    const driven = { from: (driving - began) * 1000, to: (performance.now() - began) * 1000 };
    await api.stop();
    say(each.name, `${Math.round(cpuMicroseconds)} µs of CPU for each of ${total} requests`);
    const [file] = readdirSync(folder);
    for (const line of hottest(JSON.parse(readFileSync(join(folder, file), 'utf8')), driven))
      process.stdout.write(`${line}\n`);
  }
}

/** Functions by the time spent in themselves, then packages by the same, while it was driven; idle time is left out. */
function hottest({ nodes, samples, timeDeltas }, { from, to }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const functions = new Map();
  const packages = new Map();
  let busy = 0;
  let elapsed = 0;
  samples.forEach((id, at) => {
    const { callFrame } = byId.get(id);
    const spent = timeDeltas[at];
    elapsed += spent;
    if (elapsed < from || elapsed > to || callFrame.functionName === '(idle)') return;
    busy += spent;
    add(functions, nameOf(callFrame), spent);
    add(packages, packageOf(callFrame), spent);
  });
  const lines = (found) =>
    [...found]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST)
      .map(([name, spent]) => `${((100 * spent) / busy).toFixed(1).padStart(6)} %  ${name}`);
  return [...lines(functions), '', ...lines(packages), ''];
}

const add = (sums, name, amount) => sums.set(name, (sums.get(name) ?? 0) + amount);

const pathOf = (url) => (url.startsWith('file:') ? fileURLToPath(url) : url).replace(`${CHECKOUT}/`, '');

const nameOf = ({ functionName, url, lineNumber }) =>
  url ? `${functionName || '(anonymous)'} ${pathOf(url)}:${lineNumber + 1}` : functionName;

function packageOf({ url, functionName }) {
  if (!url) return functionName.startsWith('(') ? functionName : 'natives';
  const path = pathOf(url);
  if (path.startsWith('node:')) return 'node';
  return (
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? /^(?:dist\/)?(?:libs|apps)\/[^/]+/.exec(path)?.[0] ?? path
  );
}
