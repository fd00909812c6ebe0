import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './places.mjs';
import { BIG, EXPLAINED, nodesOf, plansSince } from './plans.mjs';
import { withSettings } from './servers.mjs';

const DUE = 100;
const AHEAD_SECONDS = 3;
const PATIENCE_MS = 60_000;

const PROMISES = `select count(*)::int as promises, count(distinct inquiry_id)::int as inquiries from inquiry_clocks where stopped_at is null`;

/** Some promises run out soon, and each has a timer for it, as its clock would have left it. Answers when, and the timers. */
const PLANT = `
with chosen as (select c.tenant_id, c.id from inquiry_clocks c join tenants t on t.id = c.tenant_id and t.slug = 'demo'
    where c.state = 'running' and c.warned_at is null order by md5(c.id::text) limit ${DUE}),
  at as (select clock_timestamp() + interval '${AHEAD_SECONDS} seconds' as due),
  moved as (update inquiry_clocks c set due_at = at.due, warn_at = at.due - interval '1 minute' from chosen, at
    where c.tenant_id = chosen.tenant_id and c.id = chosen.id returning c.tenant_id, c.id)
insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name, run_at)
select tenant_id, gen_random_uuid(), 'job', 'inquiries.check-clock', jsonb_build_object('clockId', moved.id, 'at', at.due), moved.id,
  'bench', at.due from moved, at
returning id`;

/** From the first that was taken from the outbox to the last whose breach was written, and how long that one waited. */
const FOUND = `select count(*)::int as done,
    extract(epoch from max(d.updated_at) - min(o.published_at))::float8 as seconds,
    extract(epoch from max(d.updated_at) - min(o.run_at))::float8 as lag
  from outbox o join deliveries d on d.tenant_id = o.tenant_id and d.event_id = o.id
  where o.id = any ($1) and d.state = 'done' and exists (select 1 from inquiry_clocks c
    where c.tenant_id = o.tenant_id and c.id = (o.payload ->> 'clockId')::uuid and c.breached_at is not null and c.warned_at is not null)`;

/**
 * How the worker finds the promises that run out among hundreds of thousands that do not: timers are rows of the outbox.
 * Once for the time, and once under auto_explain for the rows that its statements went through.
 */
export async function measureSla(servers, database) {
  return servers.asSuperuser(database, async (client) => {
    const { rows } = await client.query(PROMISES);
    await sleep(AHEAD_SECONDS * 1000); // what the worker does at its start is over
    const { seconds, lag } = await breakSome(client);
    const plans = await withSettings(client, { ...EXPLAINED, 'auto_explain.log_analyze': 'on' }, async () => {
      const from = statSync(servers.log).size;
      await breakSome(client);
      return plansSince(servers.log, from);
    });
    const scans = scansOf(plans);
    if (!scans.some(({ table }) => table === 'outbox')) throw new Error('PostgreSQL told no plan of the outbox');
    for (const { table, node, index, examined, times } of scans)
      say('sla', `${table}: ${node}${index ? ` by ${index}` : ''}, ${times} times, ${examined} rows`);
    return { ...rows[0], due: DUE, seconds, lag, scans };
  });
}

async function breakSome(client) {
  const timers = await asReplica(client, () => client.query(PLANT).then(({ rows }) => rows.map(({ id }) => id)));
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await client.query(FOUND, [timers]);
    if (rows[0].done === DUE) return rows[0];
    if (performance.now() > deadline) throw new Error(`Of ${DUE} promises that ran out ${rows[0].done} were told`);
    await sleep(250);
  }
}

/** Past the triggers that ask who acts. */
async function asReplica(client, work) {
  await client.query('set session_replication_role = replica');
  try {
    return await work();
  } finally {
    await client.query('set session_replication_role = origin');
  }
}

/** What was read of the tables that grow, by table and index: rows that were returned and rows that a filter took away. */
function scansOf(plans) {
  const scans = new Map();
  const ours = plans.filter((plan) => !isOfTheBench(plan));
  for (const node of ours.flatMap(({ Plan }) => nodesOf(Plan))) {
    const table = node['Relation Name'];
    if (!BIG.has(table) || !node['Node Type'].endsWith('Scan')) continue;
    const index = nodesOf(node)
      .map((one) => one['Index Name'])
      .find(Boolean); // a bitmap's stands below it
    const key = [table, node['Node Type'], index].join();
    const scan = scans.get(key) ?? { table, node: node['Node Type'], index, examined: 0, times: 0 };
    const each =
      node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
    scan.examined += Math.round(each * node['Actual Loops']);
    scan.times += node['Actual Loops'];
    scans.set(key, scan);
  }
  return [...scans.values()].sort((one, other) => other.examined - one.examined);
}

const isOfTheBench = ({ 'Query Text': text }) => text === PLANT || text === FOUND;
