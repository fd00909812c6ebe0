import { median } from './drive.mjs';
import { ask } from './sample.mjs';
import { documentedLists } from './lists.mjs';
import { withSettings } from './servers.mjs';

const TIMES = 5;
const LIMITS = [20, 100];

const CALLS = `select coalesce(sum(s.calls), 0)::int as calls from pg_stat_statements s
  join pg_roles r on r.oid = s.userid join pg_database d on d.oid = s.dbid
  where r.rolname = 'nexus_app' and d.datname = current_database()`;

/**
 * Statements that the API sends for one request, counted by PostgreSQL: every list at a small and a large page, and the
 * cases of the bench. `isConstant`: not one more for a page of a hundred rows than for one of twenty.
 */
export async function countStatements(servers, database, api, sample, cases) {
  return servers.asSuperuser(database, async (client) => {
    await client.query('create extension if not exists pg_stat_statements');
    return withSettings(client, { 'pg_stat_statements.track': 'top' }, async () => {
      const count = (request) => countOne(client, api, sample.headers, request);
      const lists = [];
      for (const path of documentedLists(sample)) {
        const [small, large] = [await count(listAt(path, LIMITS[0])), await count(listAt(path, LIMITS[1]))];
        lists.push({ path, small, large, isConstant: small === large });
      }
      const others = [];
      for (const each of cases) others.push({ title: each.title, statements: await count(each.ours(sample)[0]) });
      return { lists, others };
    });
  });
}

const listAt = (path, limit) => ({ method: 'GET', path: `${path}?limit=${limit}` });

async function countOne(client, api, headers, request) {
  // once before: its plan, the caller's standing and what else is kept from then on
  await send(api, headers, request);
  const counts = [];
  for (let time = 0; time < TIMES; time++) {
    await client.query('select pg_stat_statements_reset()');
    await send(api, headers, request);
    const { rows } = await client.query(CALLS);
    counts.push(rows[0].calls);
  }
  return median(counts); // now and then the API asks something of its own accord: what time it is
}

function send(api, headers, { method, path, setupRequest }) {
  const body = setupRequest?.({}).body;
  return ask(api.url, path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    body,
  });
}
