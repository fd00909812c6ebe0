/** What is asked of a desk that is far behind: its queues, and who takes what stands in them. */
import { ask, logIn } from './sample.mjs';

const NOBODYS = '/api/v1/inquiries?status=new,open&assignedTo[null]=true&sort=dueAt&limit=20';
const UNDECIDED = '/api/v1/approvals/queue?limit=20';

const get = (path) => ({ method: 'GET', path });
const LIST_BARS = { ratio: 0.75, aim: 0.95, cpu: 2 };
const CURSOR_BARS = { ratio: 0.5, aim: 0.75, cpu: 2 };

/** As the cases of cases.mjs, over the rows of the desk. */
export const QUEUE_CASES = [
  {
    name: 'queue',
    title: 'queue of inquiries, 20 + total',
    bars: LIST_BARS,
    ours: () => [get(NOBODYS)],
    floor: ({ tenant }) => [get(`/${tenant}/inquiries`)],
  },
  {
    name: 'queue',
    title: 'queue of inquiries, 20 by cursor',
    bars: CURSOR_BARS,
    ours: ({ inquiries }) => inquiries.map(({ cursor }) => get(`${NOBODYS}&cursor=${cursor}`)),
    floor: ({ tenant, inquiries }) => inquiries.map(({ at, id }) => get(`/${tenant}/inquiries?at=${at}&id=${id}`)),
  },
  {
    name: 'queue',
    title: 'queue of approvals, 20 + total',
    bars: LIST_BARS,
    ours: () => [get(UNDECIDED)],
    floor: ({ tenant }) => [get(`/${tenant}/approvals`)],
  },
  {
    name: 'queue',
    title: 'queue of approvals, 20 by cursor',
    bars: CURSOR_BARS,
    ours: ({ approvals }) => approvals.map(({ cursor }) => get(`${UNDECIDED}&cursor=${cursor}`)),
    floor: ({ tenant, approvals }) => approvals.map(({ at, id }) => get(`/${tenant}/approvals?at=${at}&id=${id}`)),
  },
];

export const queueQuestions = ({ inquiries, approvals }) => [
  NOBODYS,
  `${NOBODYS}&count=capped`,
  `${NOBODYS}&cursor=${inquiries.at(-1).cursor}`,
  UNDECIDED,
  `${UNDECIDED}&cursor=${approvals.at(-1).cursor}`,
];

/** Logs in as whoever may see and decide on everything, and learns where one is on the pages of the queues. */
export async function takeDeskSample(servers, database, api) {
  const headers = await logIn(api.url, 'admin');
  const { tenant, team } = await servers.asSuperuser(database, async (client) => {
    const sql = `select t.id as tenant, d.id as team from tenants t join teams d on d.tenant_id = t.id
      where t.slug = 'demo' and d.name = 'Desk'`;
    return (await client.query(sql)).rows[0];
  });
  const placesOf = (path) => placesIn(api.url, headers, path);
  return { tenant, team, headers, inquiries: await placesOf(NOBODYS), approvals: await placesOf(UNDECIDED) };
}

/** Where one is after every tenth page, as far down as pages by number go: a cursor, and the row it stands on. */
async function placesIn(url, headers, path) {
  const places = [];
  for (let page = 10; page <= 500; page += 10) {
    const { data, meta } = await ask(url, `${path}&count=none&page=${page}`, { headers });
    const last = data.at(-1);
    places.push({ cursor: encodeURIComponent(meta.nextCursor), at: last.dueAt, id: last.id });
  }
  return places;
}
