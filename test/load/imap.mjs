import { setTimeout as sleep } from 'node:timers/promises';
import { built, say } from './places.mjs';
import { cpuSeconds, startApp, using } from './processes.mjs';
import { ask, logIn } from './sample.mjs';

const { aRawMail, IMAP_LOGIN, ImapServer } = await built('libs/mail/src/testing.js');

const PATIENCE_MS = 180_000;
/** The mailbox is on this machine; plain IMAP is refused in production, where it is told to be polled. */
const AT_HOME = { OUTBOUND_PRIVATE_NETWORKS: '127.0.0.1' };

/** From the first that was listed to the last that was routed. */
const ROUTED = `select count(*)::int as routed, count(distinct m.inquiry_id)::int as inquiries,
    extract(epoch from max(m.updated_at) - min(u.listed_at))::float8 as seconds
  from imap_uids u join mails m on m.tenant_id = u.tenant_id and m.id = u.mail_id where m.decision is not null`;

const OPEN = `select (select count(*)::int from outbox where published_at is null and run_at <= clock_timestamp())
  + (select count(*)::int from deliveries where state in ('pending', 'running')) as open`;

/**
 * So many mails of so many people on an IMAP server: fetched, stored, parsed and routed by the worker, which then opens
 * inquiries of them. Answers mails a second until they are routed, and the worker's CPU until all is done.
 */
export async function measureImap(servers, database, urls, mails) {
  const server = await ImapServer.start();
  try {
    for (let n = 0; n < mails; n++) server.add(aMail(n));
    await using(startApp(servers, urls, 'api', { settings: { ...AT_HOME, NODE_ENV: 'development' } }), (api) =>
      pollFrom(api, server.port),
    );
    return await using(startApp(servers, urls, 'worker', { settings: AT_HOME }), (worker) =>
      servers.asSuperuser(database, (client) => watch(client, worker, mails)),
    );
  } finally {
    await server.stop();
  }
}

async function pollFrom({ url }, port) {
  const headers = { ...(await logIn(url, 'admin')), 'content-type': 'application/json' };
  const { data } = await ask(url, '/api/v1/mailboxes', { headers });
  const settings = { host: '127.0.0.1', port, security: 'none', ...IMAP_LOGIN, intervalSeconds: 3600 };
  await ask(url, `/api/v1/mailboxes/${data[0].id}/imap`, { method: 'PUT', headers, body: JSON.stringify(settings) });
}

async function watch(client, worker, mails) {
  const before = cpuSeconds(worker.pid);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const [{ routed, inquiries, seconds }] = (await client.query(ROUTED)).rows;
    const areAll = routed === mails && inquiries === mails;
    // asked for last: over the timers of a desk that is far behind it costs PostgreSQL what ten mails do
    if (areAll && (await client.query(OPEN)).rows[0].open === 0) {
      const cpu = before === undefined ? undefined : ((cpuSeconds(worker.pid) - before) / mails) * 1e6;
      say('imap', `${mails} mails, ${(mails / seconds).toFixed(0)} a second, ${Math.round(cpu)} µs of CPU each`);
      return { mails, perSecond: mails / seconds, cpuMicroseconds: cpu };
    }
    if (performance.now() > deadline)
      throw new Error(`Of ${mails} mails ${routed} were routed and ${inquiries} became inquiries`);
    await sleep(250);
  }
}

const aMail = (n) =>
  aRawMail({
    from: `Mira Okafor <mira.${n}@writers.example>`,
    to: 'support@demo.example',
    subject: `Question ${n}`,
    messageId: `<imap.${n}@writers.example>`,
    text: `Where is my order ${n}?\r\n\r\n${'It was promised for last week. '.repeat(20)}`,
  });
