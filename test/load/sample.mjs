import { PASSWORD } from './dataset.mjs';

const MOST = 200;

/** Logs in as somebody who may see everything of the tenant, and learns what the bench asks for. */
export async function takeSample(servers, database, api) {
  const headers = await logIn(api.url, 'admin');
  const known = await servers.asSuperuser(database, learn);
  return { ...known, headers, places: await walk(api.url, headers) };
}

/** The headers of a person of the demo tenant. */
export async function logIn(url, name) {
  const { accessToken } = await ask(url, '/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@demo.example`, password: PASSWORD }),
  });
  return { authorization: `Bearer ${accessToken}` };
}

async function learn(client) {
  const rowsOf = (sql, values) => client.query(sql, values).then(({ rows }) => rows);
  const [{ tenant, actor }] = await rowsOf(
    `select t.id as tenant, u.id as actor from tenants t join users u on u.tenant_id = t.id
      where t.slug = 'demo' and u.email = 'admin@demo.example'`,
  );
  const idsOf = (table, most, those = '') =>
    rowsOf(`select id from ${table} where tenant_id = $1 ${those} order by md5(id::text) limit ${most}`, [tenant]).then(
      (rows) => rows.map(({ id }) => id),
    );
  return {
    tenant,
    actor,
    customers: await idsOf('customers', MOST),
    companies: await idsOf('companies', 1),
    inquiries: await idsOf('inquiries', 1),
    sideConversations: await idsOf('side_conversations', 1),
    responses: await idsOf('responses', 1),
    files: await idsOf('files', 1),
    imports: await idsOf('imports', 1),
    products: await idsOf('products', 1),
    segments: await idsOf('segments', 1),
    deals: await idsOf('deals', 1),
    leads: await idsOf('leads', 1, 'and deleted_at is null'),
    projects: await idsOf('projects', 1),
    terms: await rowsOf(TERMS, [tenant]).then((rows) => rows.map(({ term }) => term)),
  };
}

/** A family name, or every other time both names: what somebody types who looks for a person. */
const TERMS = `select case when row_number() over (order by md5(id::text)) % 2 = 0 then last_name
    else first_name || ' ' || last_name end as term
  from customers where tenant_id = $1 order by md5(id::text) limit 100`;

/** Where one is after each of the first pages, for both sides: a cursor, and the row it stands on. */
async function walk(url, headers) {
  const places = [];
  let cursor = '';
  for (let page = 0; page < 50; page++) {
    const { data, meta } = await ask(url, `/api/v1/customers?limit=20&cursor=${cursor}`, { headers });
    const last = data.at(-1);
    cursor = encodeURIComponent(meta.nextCursor);
    places.push({ cursor, at: last.createdAt, id: last.id });
  }
  return places;
}

/** @throws Error when the answer is no success */
export async function ask(url, path, init) {
  const answer = await fetch(`${url}${path}`, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init?.method ?? 'GET'} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
