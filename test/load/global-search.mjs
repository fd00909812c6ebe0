/** The search over everything, of a tenant among ten: what it costs beside a floor that asks the same index. */
import { logIn } from './sample.mjs';

const get = (path) => ({ method: 'GET', path });
const q = (text) => encodeURIComponent(text);

/** As the cases of cases.mjs, over the rows of the search. */
export const SEARCH_CASES = [
  {
    name: 'global-search',
    title: 'search over everything, 20 + total',
    bars: { ratio: 0.6, aim: 0.8, cpu: 2.5 },
    ours: ({ terms }) => terms.map((term) => get(`/api/v1/search?limit=20&q=${q(term)}`)),
    floor: ({ tenant, terms }) => terms.map((term) => get(`/${tenant}/search?limit=20&q=${q(term)}`)),
  },
];

/** A family name, both names, a company and its trade, an address, a reference: what somebody types who looks for one. */
const TERMS = `select case row_number() over (order by md5(id::text)) % 5 when 0 then last_name when 1 then first_name || ' ' || last_name
    when 2 then coalesce(regexp_replace(company, ' [0-9]+$', ''), last_name) when 3 then email
    else 'INQ-' || lpad((300 + row_number() over (order by md5(id::text)))::text, 6, '0') end as term
  from customers where tenant_id = $1 order by md5(id::text) limit 100`;

/** Logs in as whoever may see everything of one tenant. */
export async function takeSearchSample(servers, database, api) {
  const headers = await logIn(api.url, 'admin');
  return servers.asSuperuser(database, async (client) => {
    const { rows: tenants } = await client.query("select id from tenants where slug = 'demo'");
    const tenant = tenants[0].id;
    const { rows } = await client.query(TERMS, [tenant]);
    return { tenant, headers, terms: rows.map(({ term }) => term) };
  });
}

/** As people ask: by name, still writing, with a slip, by number, for what most records hold, further down. */
export const searchQuestions = ({ terms }) =>
  [
    ...terms.slice(0, 5).map((term) => `q=${q(term)}`),
    ...['q=mira%20ha', 'q=al', 'q=Holonfled', 'q=%2B49%2030%2010000042', 'q=INQ-000777', 'q=waiting'],
    ...['q=waiting&page=400', 'q=waiting&cursor=', 'q=waiting&types=customers', 'q=grace.holonfeld'],
  ].map((question) => `/api/v1/search?limit=20&${question}`);
