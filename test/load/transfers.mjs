import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './places.mjs';
import { cpuSeconds, memoryOf, startApp, using } from './processes.mjs';
import { ask, logIn } from './sample.mjs';

const PATIENCE_MS = 900_000;
const MAPPING = {
  columns: [
    { column: 'First name', field: 'firstName' },
    { column: 'Family name', field: 'lastName' },
    { column: 'E-mail', field: 'email' },
    { column: 'Phone', field: 'phone' },
    { column: 'Company', field: 'company' },
  ],
  ...{ mode: 'upsert', match: ['email'] },
};

const aRow = (n) => `Ada${n},Holm${n % 997},ada.${n}@import.example,+49 30 ${1_000_000 + n},Works ${n % 500}`;

const jsonOf = (headers, body) => ({
  method: 'POST',
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function untilDone(url, headers, id) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const job = await ask(url, `/api/v1/jobs/${id}`, { headers });
    if (job.state === 'done') return job;
    if (job.finishedAt || performance.now() > deadline) throw new Error(`The job is ${job.state} at ${job.done}`);
    await sleep(250);
  }
}

const lasted = ({ startedAt, finishedAt }) => (new Date(finishedAt) - new Date(startedAt)) / 1000;

/** What others wait meanwhile: one customer, ten times a second. */
async function waits({ url }, headers, customer, isOver) {
  const times = [];
  while (!isOver()) {
    const began = performance.now();
    await ask(url, `/api/v1/customers/${customer}`, { headers });
    times.push(performance.now() - began);
    await sleep(100);
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length * 0.99)];
}

const withBoth = (servers, urls, work) =>
  using(startApp(servers, urls, 'api'), (api) =>
    using(startApp(servers, urls, 'worker'), async (worker) => work(api, worker, await logIn(api.url, 'admin'))),
  );

/** So many rows that are new: how long the worker takes, what the API needs for the file, and what others wait. */
export function measureImport(servers, urls, rows) {
  return withBoth(servers, urls, async (api, worker, headers) => {
    const csv = ['First name,Family name,E-mail,Phone,Company', ...Array.from({ length: rows }, (_, n) => aRow(n))];
    const { data } = await ask(api.url, '/api/v1/customers?limit=1', { headers });
    const form = new FormData();
    form.set('entity', 'customers');
    form.set('file', new File([csv.join('\n')], 'bench.csv'));
    const { id } = await ask(api.url, '/api/v1/imports', { method: 'POST', headers, body: form });
    await ask(api.url, `/api/v1/imports/${id}/mapping`, { ...jsonOf(headers, MAPPING), method: 'PUT' });
    const { id: jobId } = await ask(api.url, `/api/v1/imports/${id}/run`, { method: 'POST', headers });
    const before = cpuSeconds(worker.pid);
    let isOver = false;
    const others = waits(api, headers, data[0].id, () => isOver);
    const job = await untilDone(api.url, headers, jobId).finally(() => (isOver = true));
    const cpu = before === undefined ? undefined : ((cpuSeconds(worker.pid) - before) / rows) * 1e6;
    const found = { rows, seconds: lasted(job), p99: await others, cpuMicroseconds: cpu };
    const memory = { api: memoryOf(api.pid)?.highest, worker: memoryOf(worker.pid)?.highest };
    say(
      'import',
      `${rows} rows in ${found.seconds.toFixed(1)} s, others ${found.p99.toFixed(0)} ms at p99, ${cpu?.toFixed(0)} µs of the worker’s CPU each`,
    );
    say('import', `API ${memory.api?.toFixed(0)} MiB, worker ${memory.worker?.toFixed(0)} MiB at most`);
    return { ...found, memory };
  });
}

/** All customers of the tenant as a file: how long, and what the worker needs for it. */
export function measureExport(servers, urls) {
  return withBoth(servers, urls, async (api, worker, headers) => {
    const job = await ask(api.url, '/api/v1/exports', jsonOf(headers, { entity: 'customers', format: 'csv' }));
    const done = await untilDone(api.url, headers, job.id);
    const { rowCount: rows, size } = await ask(api.url, done.resultUrl, { headers });
    const found = { rows, size, seconds: lasted(done), memory: memoryOf(worker.pid)?.highest };
    say('export', `${rows} rows in ${found.seconds.toFixed(1)} s, worker ${found.memory?.toFixed(0)} MiB at most`);
    return found;
  });
}
