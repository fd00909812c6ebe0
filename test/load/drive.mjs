import autocannon from 'autocannon';
import { cpuSeconds } from './processes.mjs';

const CONNECTIONS = 32;

/** V8 takes some thousand requests to compile what they run through: before that the larger side is measured cold. */
const WARM_REQUESTS = 8_000;
const WARM_SECONDS = 12;

/** Sends the requests for some seconds: as fast as they are answered, or so many a second whatever comes back. */
const send = (app, requests, { seconds, headers = {}, rate, connections = CONNECTIONS }) =>
  autocannon({
    url: app.url,
    connections,
    duration: seconds,
    requests: requests.map((request) => ({ ...request })),
    headers: { ...headers, 'content-type': 'application/json' },
    ...(rate && { overallRate: rate }),
  });

/** Drives one side for some seconds. @throws Error when an answer is no success: a fast refusal is no result */
export async function drive(app, requests, options) {
  const before = cpuSeconds(app.pid);
  const result = await send(app, requests, options);
  const after = cpuSeconds(app.pid);
  const faults = result.non2xx + result.errors + result.timeouts;
  if (faults)
    throw new Error(
      `The ${app.name} failed ${faults} of ${result.requests.total} requests: ${JSON.stringify(result.statusCodeStats)}`,
    );
  const { total } = result.requests;
  return {
    perSecond: total / result.duration,
    cpuMicroseconds: before === undefined ? undefined : ((after - before) / total) * 1e6,
    p99: result.latency.p99,
    total,
  };
}

/** Twice the clients of the most, asking for twice of it; and a crowd, each of whose requests waits in the process. */
const PRESSURES = { doubled: { connections: 2 * CONNECTIONS, times: 2 }, crowd: { connections: 512, times: 2 } };

/** What a side answers in a second under each pressure, over what it answers at the most, in turn. */
export async function overload(app, requests, { rounds, ...options }) {
  await warm(app, requests, options.headers);
  const found = { doubled: [], crowd: [] };
  for (let round = 0; round < rounds; round++) {
    const { perSecond: peak } = await drive(app, requests, options);
    for (const [name, { connections, times }] of Object.entries(PRESSURES)) {
      const rate = Math.round(peak * times);
      const result = await send(app, requests, { ...options, rate, connections });
      found[name].push(result['2xx'] / result.duration / peak);
    }
  }
  return { doubled: median(found.doubled), crowd: median(found.crowd) };
}

/** Drives a side until it is at its speed. */
export async function warm(app, requests, headers) {
  const deadline = performance.now() + WARM_SECONDS * 1000;
  for (let sent = 0; sent < WARM_REQUESTS && performance.now() < deadline;) {
    const { total } = await drive(app, requests, { seconds: 2, headers });
    sent += total;
  }
}

/**
 * The two sides in turn, and every other round in the opposite order, so that what else the machine does meets both.
 * Answers the medians of the figures, and the medians of the ratios within each round.
 */
export async function compare({ ours, floor }, each, sample, { rounds, seconds }) {
  const sides = {
    floor: { app: floor, requests: each.floor(sample), headers: {} },
    ours: { app: ours, requests: each.ours(sample), headers: sample.headers },
  };
  for (const { app, requests, headers } of Object.values(sides)) await warm(app, requests, headers);
  return inTurn(rounds, (side) => drive(sides[side].app, sides[side].requests, { ...sides[side], seconds }));
}

/** `measure('floor')` and `measure('ours')` for some rounds, as `compare` has it. */
export async function inTurn(rounds, measure) {
  const found = [];
  for (let round = 0; round < rounds; round++) {
    const results = {};
    for (const side of round % 2 ? ['ours', 'floor'] : ['floor', 'ours']) results[side] = await measure(side);
    found.push(results);
  }
  return summary(found);
}

function summary(rounds) {
  const medianOf = (read) => median(rounds.map(read));
  const both = (name) => ({
    floor: medianOf(({ floor }) => floor[name]),
    ours: medianOf(({ ours }) => ours[name]),
    ratio: medianOf(({ floor, ours }) => ours[name] / floor[name]),
  });
  const ratios = rounds.map(({ floor, ours }) => ours.perSecond / floor.perSecond);
  return {
    perSecond: { ...both('perSecond'), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
    cpu: rounds[0].floor.cpuMicroseconds === undefined ? undefined : both('cpuMicroseconds'),
    p99: both('p99'),
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
