import { openSync, readSync, closeSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './sample.mjs';
import { withSettings } from './servers.mjs';

/** Tables that grow with the business: none of their lists may read them from end to end. */
export const BIG = new Set([
  ...['customers', 'customer_contact_points', 'inquiries', 'inquiry_messages', 'responses'],
  ...['inquiry_clocks', 'approval_requests', 'audit_log', 'outbox', 'search_documents'],
]);

/** Enough for PostgreSQL to change from a plan for the values given to one for any values, where it ever does. */
const TIMES = 7;

export const EXPLAINED = {
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_format': 'json',
  'auto_explain.log_nested_statements': 'on',
};

/**
 * The plans that PostgreSQL really used for the API's own statements, under its role and its policies, those inside of
 * functions included. Answers each question with the tables that were read from end to end, which should be none.
 */
export async function readPlans(servers, database, api, sample, questions) {
  return servers.asSuperuser(database, (client) =>
    withSettings(client, EXPLAINED, async () => {
      const found = [];
      for (const path of questions) found.push(await plansOf(servers.log, api, sample.headers, path));
      return found;
    }),
  );
}

async function plansOf(log, api, headers, path) {
  const from = statSync(log).size;
  const began = performance.now();
  for (let time = 0; time < TIMES; time++) await ask(api.url, path, { headers });
  const milliseconds = (performance.now() - began) / TIMES;
  await sleep(50);
  const plans = plansSince(log, from);
  if (plans.length < TIMES) throw new Error(`PostgreSQL told ${plans.length} plans for ${TIMES} times ${path}`);
  const nodes = plans.flatMap(({ Plan }) => nodesOf(Plan));
  const scanned = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']);
  const indexes = nodes.flatMap((node) => node['Index Name'] ?? []);
  return {
    path,
    milliseconds,
    scanned: [...new Set(scanned)].filter((table) => BIG.has(table)),
    indexes: [...new Set(indexes)],
  };
}

/** What auto_explain has written since the log was so long. */
export const plansSince = (log, from) => parse(readFrom(log, from));

function readFrom(log, from) {
  const size = statSync(log).size - from;
  const buffer = Buffer.alloc(size);
  const file = openSync(log, 'r');
  readSync(file, buffer, 0, size, from);
  closeSync(file);
  return buffer.toString();
}

/** An entry of the log goes on in lines that begin with a tab. */
function parse(text) {
  const plans = [];
  let lines;
  for (const line of text.split('\n')) {
    if (lines && line.startsWith('\t')) {
      lines.push(line);
      continue;
    }
    if (lines?.length) plans.push(JSON.parse(lines.join('\n')));
    lines = /duration: [\d.]+ ms {2}plan:$/.test(line) ? [] : undefined;
  }
  if (lines?.length) plans.push(JSON.parse(lines.join('\n')));
  return plans;
}

export const nodesOf = (node) => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
