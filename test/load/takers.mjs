import { Agent, request } from 'node:http';
import { inTurn } from './drive.mjs';
import { cpuSeconds } from './processes.mjs';
import { ask, logIn } from './sample.mjs';
import { say } from './places.mjs';

const TAKERS = 50;
/** How many go for the same inquiry at the same time. */
const RIVALS = 5;
const GROUPS = TAKERS / RIVALS;
const WARM_SECONDS = 12;

/** Nobody's inquiries in an order of no meaning: what one race has taken, the next does not ask for. */
const STOCK = `select i.id from inquiries i where i.tenant_id = $1 and i.team_id = $2 and i.assigned_to is null
  and i.deleted_at is null and i.status in ('new', 'open') order by md5(i.id::text)`;

const OFFICERS = `select u.id, u.username as name from team_members m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
  where m.tenant_id = $1 and m.team_id = $2 order by u.username`;

/** Whose each became, how often it became somebody's, and how often that was told. */
const OUTCOMES = `select i.id, i.assigned_to as holder,
    (select array_agg(a.actor_id) from audit_log a where a.tenant_id = i.tenant_id and a.entity = 'inquiries'
      and a.entity_id = i.id::text and a.action = 'updated' and a.after ? 'assigned_to') as writers,
    (select count(*)::int from outbox o where o.tenant_id = i.tenant_id and o.type = 'inquiries.assigned'
      and o.payload ->> 'inquiryId' = i.id::text) as told,
    (select count(*)::int from distributions d where d.tenant_id = i.tenant_id and d.inquiry_id = i.id and d.assigned_to is not null) as given
  from inquiries i where i.tenant_id = $1 and i.id = any ($2)`;

/**
 * Fifty officers, each with a token of their own, who take what is nobody's, five of them at a time going for the same
 * inquiry; then some of them while others have the same inquiries given to somebody by the rule of their team. Proves from
 * the answers and from the audit that none becomes somebody's twice.
 * @throws Error when an answer is neither a take nor a refusal because somebody was faster
 */
export async function measureTakers(
  servers,
  database,
  { ours, floor },
  { tenant, team, headers },
  { rounds, seconds },
) {
  return servers.asSuperuser(database, async (client) => {
    const rowsOf = (sql) => client.query(sql, [tenant, team]).then(({ rows }) => rows);
    const officers = await rowsOf(OFFICERS);
    const takers = [];
    for (const [at, { id, name }] of officers.slice(0, TAKERS).entries())
      takers.push({ id, headers: await logIn(ours.url, name), group: at % GROUPS, rival: Math.floor(at / GROUPS) });
    const stock = (await rowsOf(STOCK)).map(({ id }) => id);
    const race = raceOver(stock, takers);
    const sides = {
      floor: { app: floor, pathOf: (id, taker) => `/${tenant}/inquiries/${id}/take?actor=${taker.id}` },
      ours: { app: ours, pathOf: (id) => `/api/v1/inquiries/${id}/take` },
    };
    const taken = new Map();
    const take = (side, length) => race(sides[side], length, taken);
    for (const side of ['floor', 'ours']) await take(side, WARM_SECONDS);
    const speed = await inTurn(rounds, (side) => take(side, seconds));
    await createIndexes(client);
    const proof = proofOf(taken, await outcomesOf(client, tenant, taken));
    say('takers', `${taken.size} inquiries, ${proof.refused} refusals, ${proof.twice} taken twice`);
    await ask(ours.url, `/api/v1/distribution-rules/${team}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        strategy: 'least_loaded',
        capacity: null,
        needsSkill: false,
        keepsHours: false,
        members: [],
      }),
    });
    const given = await distribute(race, { app: ours, headers }, seconds * rounds);
    const shared = sharedProofOf(given.answers, await outcomesOf(client, tenant, given.answers));
    say(
      'takers',
      `${given.answers.size} inquiries while they were given to people too, ${shared.twice} became somebody's twice`,
    );
    return { speed, proof, shared: { ...shared, perSecond: given.perSecond, p99: given.p99 } };
  });
}

const isGiver = ({ group, rival }) => group % 2 === 0 || rival < 2;

/** One half of the inquiries all five have given to somebody; at the others two do, and three take them. */
async function distribute(race, { app, headers }, seconds) {
  const answers = new Map();
  const side = {
    app,
    pathOf: (id, taker) => `/api/v1/inquiries/${id}/${isGiver(taker) ? 'distribute' : 'take'}`,
    headersOf: (taker) => (isGiver(taker) ? headers : taker.headers),
  };
  return { answers, ...(await race(side, seconds, answers)) };
}

/** A race takes from the stock as much as it gets through in its time, and notes who was answered what. */
function raceOver(stock, takers) {
  let next = 0;
  return async ({ app, pathOf, headersOf = (taker) => taker.headers }, seconds, answers) => {
    const agent = new Agent({ keepAlive: true, maxSockets: TAKERS });
    const before = cpuSeconds(app.pid);
    const began = performance.now();
    const until = began + seconds * 1000;
    const waits = [];
    let tries = 0;
    const groups = Array.from({ length: GROUPS }, () => []);
    await Promise.all(
      takers.map(async (taker) => {
        const group = groups[taker.group];
        for (let at = 0; performance.now() < until; at++) {
          if (at === group.length) group.push(stock[next++] ?? exhausted());
          const id = group[at];
          const asked = performance.now();
          const status = await post(app.url + pathOf(id, taker), headersOf(taker), agent);
          tries++;
          if (status === 200) waits.push(performance.now() - asked);
          note(answers, id, { taker, status });
        }
      }),
    );
    const elapsed = (performance.now() - began) / 1000;
    agent.destroy();
    const cpu = before === undefined ? undefined : ((cpuSeconds(app.pid) - before) / tries) * 1e6;
    return { perSecond: tries / elapsed, cpuMicroseconds: cpu, p99: percentile(waits, 0.99), total: tries };
  };
}

function exhausted() {
  throw new Error('Nothing is left that is nobody’s: fewer rounds, or shorter ones');
}

const percentile = (values, share) => values.sort((a, b) => a - b)[Math.ceil(values.length * share) - 1];

function note(answers, id, answer) {
  const known = answers.get(id);
  if (known) known.push(answer);
  else answers.set(id, [answer]);
}

/** Answers the status. @throws Error when that is neither 200 nor the 409 of whoever was slower */
function post(url, headers, agent) {
  return new Promise((done, fail) => {
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('error', fail).on('end', () => {
        const isRefusal = answer.statusCode === 409 && (text === '{}' || JSON.parse(text).code === 'already_taken');
        if (answer.statusCode === 200 || isRefusal) done(answer.statusCode);
        else fail(new Error(`POST ${url} answered ${answer.statusCode}: ${text}`));
      });
    });
    sent.on('error', fail).end();
  });
}

/** The questions after the fact are asked of one inquiry at a time, which nobody else does. */
async function createIndexes(client) {
  await client.query(
    `create index bench_told on outbox (tenant_id, (payload ->> 'inquiryId')) where type = 'inquiries.assigned'`,
  );
}

const outcomesOf = (client, tenant, answers) =>
  client.query(OUTCOMES, [tenant, [...answers.keys()]]).then(({ rows }) => rows);

function proofOf(answers, outcomes) {
  const isOnce = ({ id, holder, writers, told }) => {
    const winners = answers.get(id).filter(({ status }) => status === 200);
    const [winner] = winners;
    return (
      winners.length === 1 && holder === winner.taker.id && told === 1 && writers?.length === 1 && writers[0] === holder
    );
  };
  const refused = [...answers.values()].flat().filter(({ status }) => status === 409).length;
  return { inquiries: answers.size, refused, twice: wrongOf(answers, outcomes, isOnce) };
}

/**
 * Whoever has it given to somebody is answered 200 whoever got it: what was written is the proof. So is whoever takes what
 * the rule had just given to them.
 */
function sharedProofOf(answers, outcomes) {
  let given = 0;
  const isOnce = ({ id, holder, writers, told, given: times }) => {
    const took = answers.get(id).filter(({ taker, status }) => !isGiver(taker) && status === 200);
    given += times;
    const isWrittenOnce = holder !== null && writers?.length === 1 && told === 1;
    const isGivenOrTaken = times === 1 || (times === 0 && took.length === 1 && writers?.[0] === holder);
    return isWrittenOnce && isGivenOrTaken && took.every(({ taker }) => taker.id === holder);
  };
  return { inquiries: answers.size, twice: wrongOf(answers, outcomes, isOnce), given };
}

const wrongOf = (answers, outcomes, isOnce) => answers.size - outcomes.filter(isOnce).length;
