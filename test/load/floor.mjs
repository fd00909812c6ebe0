/**
 * What the same work costs at the least: `node:http` and named prepared statements over the same rows, as a superuser.
 * No framework, no token, no permission, no policy, no validation, no log. Its own process, as the API is.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { v7 as newId } from 'uuid';
import {
  afterOf,
  COUNT,
  INSERT_AUDIT,
  INSERT_CUSTOMER,
  INSERT_OUTBOX,
  listOf,
  ONE,
  searchOf,
} from './floor-statements.mjs';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 20,
  // Without triggers and foreign keys: the write is three plain inserts.
  options: '-c session_replication_role=replica',
});

const LIMIT = 20;
const LIST = listOf(LIMIT + 1);
const AFTER = afterOf(LIMIT + 1);

const named = (name, text, values, on = pool) => on.query({ name, text, values }).then(({ rows }) => rows);

const one = (tenant, id) => named('one', ONE, [tenant, id]).then(([row]) => row);

/** The page and its total at the same time, on two connections, as the API reads them. */
async function page(tenant) {
  const [rows, [{ total }]] = await Promise.all([named('list', LIST, [tenant]), named('count', COUNT, [tenant])]);
  return pageOf(rows, total);
}

const pageAfter = (tenant, at, id) => named('after', AFTER, [tenant, at, id]).then((rows) => pageOf(rows, null));

/** Not named: a plan made for any term would not use the trigram index. */
async function search(tenant, term) {
  const { list, count, values } = searchOf(tenant, term, LIMIT + 1);
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

/** `/<tenant>/customers...`: in the path, since nobody logs in. */
async function answer(request) {
  const url = new URL(request.url, 'http://floor');
  const [, tenant, , id] = url.pathname.split('/');
  const { searchParams: query } = url;
  if (tenant === 'ready') return { ok: true };
  if (request.method === 'POST') return create(tenant, query.get('actor'), await bodyOf(request));
  if (id) return one(tenant, id);
  if (query.has('q')) return search(tenant, query.get('q'));
  if (query.has('at')) return pageAfter(tenant, query.get('at'), query.get('id'));
  return page(tenant);
}

createServer((request, response) => {
  answer(request).then(
    (value) => {
      const body = JSON.stringify(value);
      const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
      response.writeHead(value ? (request.method === 'POST' ? 201 : 200) : 404, headers).end(body);
    },
    (error) => response.writeHead(500).end(error.message),
  );
}).listen(Number(process.env.PORT), '127.0.0.1');
