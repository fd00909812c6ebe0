/**
 * The load benchmark: the real API beside the least that the same work can cost, in one run and in turn, on rows that are
 * kept between runs. Ends with 0 when every bar holds; what is measured and why stands in docs/performance.md.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CASES } from './cases.mjs';
import { copyOf, pristine, SIZES } from './dataset.mjs';
import { QUEUE_CASES, queueQuestions, takeDeskSample } from './desk.mjs';
import { compare, median, overload } from './drive.mjs';
import { SEARCH_CASES, searchQuestions, takeSearchSample } from './global-search.mjs';
import { measureImap } from './imap.mjs';
import { measureLag } from './lag.mjs';
import { typicalQuestions } from './lists.mjs';
import { readOptions, USAGE } from './options.mjs';
import { say } from './places.mjs';
import { readPlans } from './plans.mjs';
import { memoryOf, startApp, startFloor, using } from './processes.mjs';
import { profileCases } from './profile.mjs';
import { measureProver } from './prover.mjs';
import { judge, origin, writeReport } from './report.mjs';
import { takeSample } from './sample.mjs';
import { startServers } from './servers.mjs';
import { measureSla } from './sla.mjs';
import { countStatements } from './statements.mjs';
import { measureTakers } from './takers.mjs';
import { measureExport, measureImport } from './transfers.mjs';

const STARTS = 3;
const IDLE_SECONDS = 5;
const LAG_SECONDS = 20;
/** Each connection of the driver keeps them all. */
const OVERLOAD_REQUESTS = 20;
const IMPORTED = { quick: 10_000, full: 100_000 };
const IMAP_MAILS = { quick: 300, full: 2_000 };
/** The parts that a floor or an API on the rows of the bars is started for. */
const BESIDE_THE_FLOOR = ['start', 'memory', 'overload', 'statements', ...CASES.map(({ name }) => name)];

async function startTimes(servers, urls, has) {
  if (!has('start')) return undefined;
  const times = [];
  for (let n = 0; n < STARTS; n++)
    await using(startApp(servers, urls, 'api'), async (api) => times.push(api.readySeconds));
  say('start', times.map((time) => `${time.toFixed(2)} s`).join(', '));
  return median(times);
}

async function compareCases(ours, floor, sample, cases, options) {
  const found = [];
  for (const each of cases) {
    const result = await compare({ ours, floor }, each, sample, options);
    found.push({ ...each, ...result });
    const { perSecond } = result;
    say(
      each.name,
      `${Math.round(perSecond.floor)} and ${Math.round(perSecond.ours)} req/s, ratio ${perSecond.ratio.toFixed(2)}`,
    );
  }
  return found;
}

async function overloadOf(ours, floor, sample, { rounds, seconds }) {
  const [each] = CASES;
  const under = (app, requests, headers) =>
    overload(app, requests.slice(0, OVERLOAD_REQUESTS), { rounds, seconds, headers });
  const found = {
    floor: await under(floor, each.floor(sample), {}),
    ours: await under(ours, each.ours(sample), sample.headers),
  };
  for (const [side, { doubled, crowd }] of Object.entries(found))
    say('overload', `${side}: ${doubled.toFixed(2)} of the most, ${crowd.toFixed(2)} under a crowd`);
  return found;
}

/** The API beside the floor, on one copy of the rows: speed, memory, and what it asks PostgreSQL. */
async function besideTheFloor(servers, template, options) {
  const urls = await copyOf(servers, template, 'bench');
  const cases = CASES.filter(({ name }) => options.has(name));
  const start = await startTimes(servers, urls, options.has);
  return using(startApp(servers, urls, 'api'), async (api) => {
    await sleep(IDLE_SECONDS * 1000);
    const idle = memoryOf(api.pid)?.now;
    const sample = await takeSample(servers, 'bench', api);
    const { measured, memory, overloaded } = await using(startFloor(servers, 'bench'), async (floor) => ({
      measured: await compareCases(api, floor, sample, cases, options),
      memory: options.has('memory') && idle ? { idle, loaded: memoryOf(api.pid).highest } : undefined,
      overloaded: options.has('overload') ? await overloadOf(api, floor, sample, options) : undefined,
    }));
    const statements = options.has('statements')
      ? await countStatements(servers, 'bench', api, sample, CASES)
      : undefined;
    return { start, cases: measured, memory, overloaded, statements };
  });
}

async function plansOf(servers, size, options) {
  const template = await pristine(servers, size, options.fresh);
  const urls = await copyOf(servers, template, 'plans');
  return using(startApp(servers, urls, 'api'), async (api) => {
    const sample = await takeSample(servers, 'plans', api);
    const questions = tell(await readPlans(servers, 'plans', api, sample, typicalQuestions(sample)));
    return { over: `${SIZES[size].customers.toLocaleString('en')} customers`, questions };
  });
}

function tell(questions) {
  for (const { path, milliseconds, indexes } of questions)
    say('plans', `${milliseconds.toFixed(1).padStart(7)} ms  ${path}  ${indexes.join(' ')}`);
  return questions;
}

/** On a copy of its own: no events and no audit rows of the other parts wait for the worker. */
async function lagOf(servers, template) {
  const urls = await copyOf(servers, template, 'lag');
  return using(startApp(servers, urls, 'api'), (api) =>
    using(startApp(servers, urls, 'worker'), async () => {
      const sample = await takeSample(servers, 'lag', api);
      return measureLag(servers, 'lag', api, sample, LAG_SECONDS);
    }),
  );
}

/** The answer desk beside the floor: what its queues cost, and who takes what stands in them. */
async function atTheDesk(servers, template, options) {
  if (!['queue', 'takers'].some(options.has)) return {};
  const urls = await copyOf(servers, template, 'desk');
  return using(startApp(servers, urls, 'api'), async (api) => {
    const sample = await takeDeskSample(servers, 'desk', api);
    return using(startFloor(servers, 'desk'), async (floor) => {
      const cases = QUEUE_CASES.filter(({ name }) => options.has(name));
      const queues = await compareCases(api, floor, sample, cases, options);
      const over = `${SIZES.desk.open.toLocaleString('en')} open inquiries`;
      const asked = options.has('queue') && tell(await readPlans(servers, 'desk', api, sample, queueQuestions(sample)));
      const takers = options.has('takers')
        ? await measureTakers(servers, 'desk', { ours: api, floor }, sample, options)
        : undefined;
      return { queues, queuePlans: asked ? { over, questions: asked } : undefined, takers };
    });
  });
}

async function slaOf(servers, template) {
  const urls = await copyOf(servers, template, 'sla');
  return using(startApp(servers, urls, 'worker'), () => measureSla(servers, 'sla'));
}

async function imapOf(servers, template, { quick }) {
  const urls = await copyOf(servers, template, 'imap');
  return measureImap(servers, 'imap', urls, quick ? IMAP_MAILS.quick : IMAP_MAILS.full);
}

async function ofTheDesk(servers, options) {
  const prover = options.has('prover') ? await measureProver(servers) : undefined;
  if (!['queue', 'takers', 'sla', 'imap'].some(options.has)) return { prover };
  const template = await pristine(servers, 'desk', options.fresh);
  const found = await atTheDesk(servers, template, options);
  const sla = options.has('sla') ? await slaOf(servers, template) : undefined;
  const imap = options.has('imap') ? await imapOf(servers, template, options) : undefined;
  return { ...found, sla, imap, prover };
}

async function ofTheBusiness(servers, options) {
  if (![...BESIDE_THE_FLOOR, 'plans', 'lag'].some(options.has)) return { cases: [] };
  const template = await pristine(servers, 'bench', options.fresh);
  const results = BESIDE_THE_FLOOR.some(options.has) ? await besideTheFloor(servers, template, options) : { cases: [] };
  const plans = options.has('plans')
    ? await plansOf(servers, options.million ? 'million' : 'bench', options)
    : undefined;
  const lag = options.has('lag') ? await lagOf(servers, template) : undefined;
  return { ...results, plans, lag };
}

/** The search over everything, on rows of its own. */
async function ofTheSearch(servers, options) {
  if (!options.has('global-search')) return undefined;
  const urls = await copyOf(servers, await pristine(servers, 'search', options.fresh), 'search');
  return using(startApp(servers, urls, 'api'), async (api) => {
    const sample = await takeSearchSample(servers, 'search', api);
    const cases = await using(startFloor(servers, 'search'), (floor) =>
      compareCases(api, floor, sample, SEARCH_CASES, options),
    );
    const questions = tell(await readPlans(servers, 'search', api, sample, searchQuestions(sample)));
    const { customers, inquiries } = SIZES.search;
    return { cases, plans: { over: `${(customers + inquiries).toLocaleString('en')} records`, questions } };
  });
}

async function ofFiles(servers, { has, quick, million, fresh }) {
  const copy = async (size, name) => copyOf(servers, await pristine(servers, size, fresh), name);
  const rows = quick ? IMPORTED.quick : IMPORTED.full;
  return {
    imported: has('import') ? await measureImport(servers, await copy('bench', 'import'), rows) : undefined,
    exported: has('export')
      ? await measureExport(servers, await copy(million ? 'million' : 'bench', 'export'))
      : undefined,
  };
}

const measure = async (servers, options) => ({
  ...(await ofTheBusiness(servers, options)),
  files: await ofFiles(servers, options),
  desk: await ofTheDesk(servers, options),
  search: await ofTheSearch(servers, options),
});

async function main(options) {
  const servers = await startServers();
  try {
    if (options.profile) {
      const urls = await copyOf(servers, await pristine(servers, 'bench', options.fresh), 'bench');
      await profileCases(
        servers,
        urls,
        CASES.filter(({ name }) => options.has(name)),
        options.seconds,
      );
      return 0;
    }
    const results = await measure(servers, options);
    const { text, holds } = judge(results);
    process.stdout.write(`\n${text}\n\n${holds ? 'Every bar holds.' : 'A bar is missed.'}\n`);
    if (options.report) writeReport(`${origin(servers.postgres.version, options)}\n\n${text}`);
    return holds ? 0 : 1;
  } finally {
    await servers.stop();
  }
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error.message}\n${error.code?.startsWith('ERR_PARSE_ARGS') ? `\n${USAGE}` : ''}`);
  process.exitCode = 2;
}
