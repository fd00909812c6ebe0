import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RecordShapes } from '../field-rights/index.js';
import { linkHeader, type PageMeta, type RawQuery } from '../lists/index.js';

type Resource = { id?: unknown; version?: unknown };
type List = { data: unknown[]; meta: PageMeta };

const isList = (body: object): body is List =>
  'meta' in body && 'data' in body && Array.isArray(body.data) && typeof body.meta === 'object' && body.meta !== null;

/**
 * What every answer says of itself. A single resource: `ETag`, 304 for what the caller already has, `Location` for what was
 * created. A list: `Link` (RFC 8288). What the caller's roles keep from them goes here. A hook and no interceptor, which would cost each request a fifth of its CPU.
 */
export function describeAnswers(fastify: FastifyInstance, shapes: RecordShapes): void {
  fastify.addHook('preSerialization', (request, reply, body, done) => {
    describe(body, request, reply);
    const rights = request.scope?.actor?.fieldRights;
    done(null, rights ? shapes.shown(body, request, reply, rights) : body);
  });
}

function describe(body: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  if (isList(body)) describeList(body, request, reply);
  else if (!('data' in body)) describeResource(body, request, reply);
}

function describeList({ meta }: List, { method, url, query }: FastifyRequest, reply: FastifyReply): void {
  if (method !== 'GET') return;
  const link = linkHeader(url.split('?')[0] ?? '', query as RawQuery, meta);
  if (link) void reply.header('Link', link);
}

function describeResource({ id, version }: Resource, request: FastifyRequest, reply: FastifyReply): void {
  if (request.method === 'POST' && reply.statusCode === 201 && typeof id === 'string') place(id, request, reply);
  if (typeof version !== 'number') return;
  const etag = `"${version}"`;
  void reply.header('ETag', etag);
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (request.method !== 'GET' || !known?.some((tag) => tag === etag || tag === '*')) return;
  void reply.status(304); // Node sends no body with it
}

/** What is only ever read as a part of a list has no place of its own. */
function place(id: string, { server, routeOptions, url }: FastifyRequest, reply: FastifyReply): void {
  if (reply.getHeader('location') || !server.hasRoute({ method: 'GET', url: `${routeOptions.url}/:id` })) return;
  void reply.header('Location', `${url.split('?')[0]?.replace(/\/$/, '')}/${id}`);
}
