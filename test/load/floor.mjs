/**
 * What the same work costs at the least: `node:http` and named prepared statements over the same rows, as a superuser.
 * No framework, no token, no permission, no policy, no validation, no log. Its own process, as the API is.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { v7 as newId } from 'uuid';
import {
  INSERT_AUDIT,
  INSERT_CUSTOMER,
  INSERT_OUTBOX,
  ONE,
  PAGES,
  searchEverythingOf,
  searchOf,
  TAKE,
} from './floor-statements.mjs';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 20,
  // Without triggers and foreign keys: the write is three plain inserts.
  options: '-c session_replication_role=replica',
});

const LIMIT = 20;
const LISTS = Object.fromEntries(Object.entries(PAGES).map(([name, pagesOf]) => [name, pagesOf(LIMIT + 1)]));

const named = (name, text, values, on = pool) => on.query({ name, text, values }).then(({ rows }) => rows);

const one = (tenant, id) => named('one', ONE, [tenant, id]).then(([row]) => row);

/** The page and its total at the same time, on two connections, as the API reads them. */
async function page(list, tenant) {
  const rowsOf = named(`${list} list`, LISTS[list].list, [tenant]);
  const [rows, [{ total }]] = await Promise.all([rowsOf, named(`${list} count`, LISTS[list].count, [tenant])]);
  return pageOf(rows, total);
}

const pageAfter = (list, tenant, at, id) =>
  named(`${list} after`, LISTS[list].after, [tenant, at, id]).then((rows) => pageOf(rows, null));

const take = (tenant, id, taker) => named('take', TAKE, [tenant, id, taker, newId()]).then(([row]) => row);

/** Not named: a plan made for any term would not use the trigram index. */
async function search({ list, count, values }) {
  const [{ rows }, counted] = await Promise.all([pool.query(list, values), pool.query(count, values)]);
  return pageOf(rows, counted.rows[0].total);
}

function pageOf(found, total) {
  const data = found.slice(0, LIMIT);
  const hasNext = found.length > LIMIT;
  return { data, meta: { page: 1, limit: LIMIT, total, hasNext, nextCursor: hasNext ? data.at(-1).id : null } };
}

const pointOf = (kind, value) => ({
  ...{ id: newId(), kind, value, normalized: value, country: null, label: null },
  ...{ isPrimary: true, isVerified: false, optedOut: false },
});

async function create(tenant, actor, body) {
  const id = newId();
  const points = JSON.stringify([pointOf('email', body.email), pointOf('phone', body.phone)]);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const values = [tenant, id, body.firstName, body.lastName, body.company, points, actor];
    const [row] = await named('insert', INSERT_CUSTOMER, values, client);
    await named('audit', INSERT_AUDIT, [tenant, actor, id, JSON.stringify(row)], client);
    await named('outbox', INSERT_OUTBOX, [newId(), tenant, actor, JSON.stringify({ customerId: id })], client);
    await client.query('COMMIT');
    return row;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** `/<tenant>/customers...`: in the path, since nobody logs in. Answers a status and a body. */
async function answer(request) {
  const url = new URL(request.url, 'http://floor');
  const [, tenant, list, id, verb] = url.pathname.split('/');
  const { searchParams: query } = url;
  if (tenant === 'ready') return [200, { ok: true }];
  if (verb === 'take') return orElse(409, await take(tenant, id, query.get('actor')));
  if (request.method === 'POST') return [201, await create(tenant, query.get('actor'), await bodyOf(request))];
  if (id) return orElse(404, await one(tenant, id));
  if (query.has('q')) {
    const asked = list === 'search' ? searchEverythingOf : searchOf;
    return [200, await search(asked(tenant, query.get('q'), LIMIT + 1))];
  }
  if (query.has('at')) return [200, await pageAfter(list, tenant, query.get('at'), query.get('id'))];
  return [200, await page(list, tenant)];
}

const orElse = (status, value) => (value ? [200, value] : [status, {}]);

createServer((request, response) => {
  answer(request).then(
    ([status, value]) => {
      const body = JSON.stringify(value);
      const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
      response.writeHead(status, headers).end(body);
    },
    (error) => response.writeHead(500).end(error.message),
  );
}).listen(Number(process.env.PORT), '127.0.0.1');
