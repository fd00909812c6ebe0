import type { IncomingMessage, Server } from 'node:http';
import { Logger, type Type, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { type Config } from '../config/index.js';
import { operationalPaths } from '../health/index.js';
import { LiveAdapter } from '../live/live-adapter.js';
import { AppLogger, requestIdOf, requestLine } from '../logging/index.js';
import { RecordShapes } from '../field-rights/index.js';
import { Metrics } from '../metrics/index.js';
import { runInScope, Scope } from '../scope/index.js';
import { describeAnswers } from './describe.js';
import { lingerOverUnreadBodies } from './linger.js';
import { shedWhenOverloaded } from './overload.js';
import { trusted } from './peer.js';
import { readJsonAlone, refuseEncodedBodies } from './plain-bodies.js';
import { takeRawBodies } from './raw-bodies.js';
import { securityHeaders } from './security-headers.js';

export const API_PREFIX = 'api/v1';
export const BODY_LIMIT = 1024 * 1024;

// A property and no WeakMap: its table, which only a full collection empties, costs each young collection 7 ms under load.
declare module 'fastify' {
  interface FastifyRequest {
    scope: Scope | null;
  }
}

/**
 * Milliseconds. `requestTimeout`: until a request has come in whole. `keepAliveTimeout`: longer than the 60 s of common
 * balancers, which would else send into a connection that is being closed. `connectionTimeout`: without a byte either way,
 * so that nobody keeps an answer waiting by not reading it.
 */
export const TIMEOUTS = { requestTimeout: 60_000, keepAliveTimeout: 65_000, connectionTimeout: 120_000 };

/** A Nest application on Fastify with the manners of the house; `listen` is the caller's. */
export async function createHttpApp(
  module: Type | DynamicModule,
  config: Config,
  options: FastifyHttpOptions<Server> = TIMEOUTS,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: trusted(config.TRUST_PROXY),
    bodyLimit: BODY_LIMIT,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: 200 },
    skipMiddie: true, // nothing here is Express middleware
    ...options,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what still arrives on a kept-alive connection while draining is served
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false, // Nest's would read forms too, whose values are all text
  });
  app.useLogger(app.get(AppLogger));
  await prepareHttpApp(app, config);
  return app;
}

/** Prefix, headers, hooks and body parsers, on an application that exists already. */
export async function prepareHttpApp(app: NestFastifyApplication, config: Config): Promise<void> {
  app.setGlobalPrefix(API_PREFIX, { exclude: operationalPaths });
  app.useWebSocketAdapter(new LiveAdapter(app, config));
  openCors(app, config);
  addHooks(app, config);
}

function addHooks(app: NestFastifyApplication, config: Config): void {
  const fastify = app.getHttpAdapter().getInstance();
  const logger = app.get(AppLogger);
  const metrics = app.get(Metrics);
  const headersOf = securityHeaders(config);
  fastify.decorateRequest('scope', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    const scope = new Scope(request.id);
    request.scope = scope;
    void reply.headers(headersOf(request.url)).header('X-Request-Id', request.id);
    runInScope(scope, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    logger.request(requestLine(factsOf(request, reply)));
    metrics.observeRequest(request.method, request.routeOptions.url, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  shedWhenOverloaded(fastify);
  const shapes = app.get(RecordShapes);
  shapes.serve(app);
  describeAnswers(fastify, shapes);
  lingerOverUnreadBodies(fastify);
  readJsonAlone(fastify);
  refuseEncodedBodies(fastify);
  // RFC 7396: what a PATCH takes; RFC 7644: what directories send
  fastify.addContentTypeParser(
    ['application/merge-patch+json', 'application/scim+json'],
    { parseAs: 'string' },
    fastify.getDefaultJsonParser('error', 'error'),
  );
  takeRawBodies(fastify, app);
}

function factsOf(request: FastifyRequest, reply: FastifyReply): Parameters<typeof requestLine>[0] {
  const actor = request.scope?.actor;
  return {
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    milliseconds: reply.elapsedTime,
    requestId: request.id,
    tenantId: actor?.tenantId,
    actorId: actor?.id,
  };
}

function openCors(app: NestFastifyApplication, config: Config): void {
  if (config.CORS_ORIGIN.length === 0) return;
  app.enableCors({
    origin: config.CORS_ORIGIN.includes('*') ? '*' : [...config.CORS_ORIGIN],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'ETag',
      'Link',
      'Location',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Request-Id',
      'Idempotent-Replayed',
      'X-Impersonating',
    ],
    maxAge: 600,
  });
  if (config.CORS_ORIGIN.includes('*')) new Logger('http').warn('CORS_ORIGIN is *: every web page may call this API');
}
