import { setTimeout as sleep } from 'node:timers/promises';
import { LAG_BAR, post } from './cases.mjs';
import { drive } from './drive.mjs';

const MAILS_PER_SECOND = 5;
const PATIENCE_MS = 60_000;

const OPEN = `select (select count(*) from outbox where published_at is null and run_at <= clock_timestamp() and at >= $1)
  + (select count(*) from deliveries where state in ('pending', 'running') and created_at >= $1) as open`;

const EVENTS = `select count(*) as events, ${p99('published_at - run_at')} as p99, ${longest('published_at - run_at')} as longest
  from outbox where at >= $1 and published_at is not null`;

const DELIVERIES = `select count(*) as deliveries, count(*) filter (where d.state <> 'done') as failed,
    ${p99('d.updated_at - o.run_at')} as p99, ${longest('d.updated_at - o.run_at')} as longest
  from deliveries d join outbox o on o.tenant_id = d.tenant_id and o.id = d.event_id where d.created_at >= $1`;

function p99(interval) {
  return `percentile_disc(0.99) within group (order by extract(epoch from ${interval}))::float8`;
}

function longest(interval) {
  return `max(extract(epoch from ${interval}))::float8`;
}

/**
 * How long what was committed waits: until the relay has taken it from the outbox, and until a listener has done its
 * work. New customers at the rate of the bar, and beside them mails, which go through several listeners each.
 */
export async function measureLag(servers, database, api, sample, seconds) {
  return servers.asSuperuser(database, async (client) => {
    const { rows } = await client.query('select clock_timestamp() as began');
    const { began } = rows[0];
    const options = { seconds, headers: sample.headers, connections: 10 };
    const [written] = await Promise.all([
      drive(api, [post('/api/v1/customers')], { ...options, rate: LAG_BAR.eventsPerSecond }),
      sendMails(api, sample.headers, seconds * MAILS_PER_SECOND),
    ]);
    await untilQuiet(client, began);
    const one = (sql) => client.query(sql, [began]).then((result) => result.rows[0]);
    return { seconds, written: written.total, events: await one(EVENTS), deliveries: await one(DELIVERIES) };
  });
}

async function sendMails(api, headers, count) {
  for (let n = 0; n < count; n++) {
    const answer = await fetch(`${api.url}/api/v1/mail/raw`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'message/rfc822' },
      body: aMail(n),
    });
    if (!answer.ok) throw new Error(`A mail was answered with ${answer.status}: ${await answer.text()}`);
    await sleep(1000 / MAILS_PER_SECOND);
  }
}

const run = Date.now().toString(36);

const aMail = (n) =>
  [
    `From: Mira Okafor <mira.${n}@writers.example>`,
    'To: support@demo.example',
    `Subject: Question ${n}`,
    `Message-ID: <${run}.${n}@writers.example>`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Where is my order?',
    '',
  ].join('\r\n');

async function untilQuiet(client, began) {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { rows } = await client.query(OPEN, [began]);
    if (Number(rows[0].open) === 0) return;
    await sleep(250);
  }
}
