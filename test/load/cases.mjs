/**
 * What is compared, and what must hold: our requests per second over the floor's (`bar`, and what to aim for), and our
 * CPU of Node per request over the floor's. Each side gives the requests that its connections repeat in a circle.
 */
export const CASES = [
  {
    name: 'get',
    title: 'GET one',
    bars: { ratio: 0.35, aim: 0.6, cpu: 2.5 },
    ours: ({ customers }) => customers.map((id) => get(`/api/v1/customers/${id}`)),
    floor: ({ tenant, customers }) => customers.map((id) => get(`/${tenant}/customers/${id}`)),
  },
  {
    name: 'list',
    title: 'list 20 + total',
    bars: { ratio: 0.75, aim: 0.95, cpu: 2 },
    ours: () => [get('/api/v1/customers?limit=20')],
    floor: ({ tenant }) => [get(`/${tenant}/customers?limit=20`)],
  },
  {
    name: 'capped',
    title: 'list 20 + capped total, over the exact one of the floor',
    bars: { aim: 1 },
    ours: () => [get('/api/v1/customers?limit=20&count=capped')],
    floor: ({ tenant }) => [get(`/${tenant}/customers?limit=20`)],
  },
  {
    name: 'cursor',
    title: 'list 20 by cursor',
    bars: { ratio: 0.5, aim: 0.75, cpu: 2 },
    ours: ({ places }) => places.map(({ cursor }) => get(`/api/v1/customers?limit=20&cursor=${cursor}`)),
    floor: ({ tenant, places }) => places.map(({ at, id }) => get(`/${tenant}/customers?limit=20&at=${at}&id=${id}`)),
  },
  {
    name: 'search',
    title: 'search 20 + total (trigram)',
    bars: { ratio: 0.6, aim: 0.8, cpu: 2.5 },
    ours: ({ terms }) => terms.map((term) => get(`/api/v1/customers?limit=20&q=${encodeURIComponent(term)}`)),
    floor: ({ tenant, terms }) =>
      terms.map((term) => get(`/${tenant}/customers?limit=20&q=${encodeURIComponent(term)}`)),
  },
  {
    name: 'create',
    title: 'POST (row + audit + outbox)',
    bars: { ratio: 0.6, aim: 1, cpu: 2.5 },
    ours: () => [post('/api/v1/customers')],
    floor: ({ tenant, actor }) => [post(`/${tenant}/customers?actor=${actor}`)],
  },
];

/** Of both sides alike: 99 of 100 requests are answered within this many times the floor's time. */
export const P99_BAR = 3;

/** With twice as much asked as can be answered. */
export const OVERLOAD_BAR = { ratio: 0.8, aim: 0.95 };

/** Of files of a hundred thousand rows; milliseconds and MiB. */
export const FILE_BARS = { secondsOf100k: 60, p99: 200, memory: 300 };

export const START_BAR = { seconds: 3, aim: 1 };
export const MEMORY_BARS = { idle: 200, idleAim: 120, loaded: 350, loadedAim: 250 };
export const LAG_BAR = { seconds: 2, eventsPerSecond: 50 };
export const DESK_BARS = { sweepSeconds: 1, rowsEach: 20, mailsPerSecond: 50, proverSeconds: 120 };

const get = (path) => ({ method: 'GET', path });

let made = 0;

/** A new customer each time: an address is unique in its tenant. */
export const post = (path) => ({
  method: 'POST',
  path,
  setupRequest: (request) => ({ ...request, path, method: 'POST', body: JSON.stringify(aCustomer(++made)) }),
});

const run = Date.now().toString(36);

const aCustomer = (n) => ({
  firstName: 'Mira',
  lastName: 'Okafor',
  company: 'Okafor Logistics',
  email: `mira.${run}.${n}@bench.example`,
  phone: `+4930${20_000_000 + n}`,
});
