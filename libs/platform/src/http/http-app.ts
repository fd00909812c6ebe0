import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import { Logger, type Type, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Config } from '../config/index.js';
import { operationalPaths } from '../health/index.js';
import { AppLogger, requestIdOf, requestLine } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { runInScope, Scope } from '../scope/index.js';
import { lingerOverUnreadBodies } from './linger.js';
import { RAW_MAIL, RAW_MAIL_LIMIT, RawMailDoor } from './raw-mail.js';

export const API_PREFIX = 'api/v1';
export const BODY_LIMIT = 1024 * 1024;

const scopes = new WeakMap<FastifyRequest, Scope>();

/** A Nest application on Fastify with the manners of the house; `listen` is the caller's. */
export async function createHttpApp(module: Type | DynamicModule, config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: config.TRUST_PROXY as string | boolean | string[],
    bodyLimit: BODY_LIMIT,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: 200 },
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what still arrives on a kept-alive connection while draining is served
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(AppLogger));
  await prepareHttpApp(app, config);
  return app;
}

/** Prefix, headers, hooks and body parsers, on an application that exists already. */
export async function prepareHttpApp(app: NestFastifyApplication, config: Config): Promise<void> {
  app.setGlobalPrefix(API_PREFIX, { exclude: operationalPaths });
  openCors(app, config);
  await app.register(helmet, helmetOptions(config));
  addHooks(app);
}

function addHooks(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const logger = app.get(AppLogger);
  const metrics = app.get(Metrics);
  fastify.addHook('onRequest', (request, reply, done) => {
    const scope = new Scope(request.id);
    scopes.set(request, scope);
    void reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
    void reply.header('Content-Security-Policy', PAGES.test(request.url) ? OF_PAGES : LOADS_NOTHING);
    runInScope(scope, done);
  });
  // a body is read in the context of the connection, not of the request: enter the request's scope again
  fastify.addHook('preValidation', (request, _reply, done) =>
    runInScope(scopes.get(request) ?? new Scope(request.id), done),
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    logger.request(requestLine(factsOf(request, reply)));
    metrics.observeRequest(request.method, request.routeOptions.url, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  lingerOverUnreadBodies(fastify);
  // RFC 7396: what a PATCH takes
  fastify.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'string' },
    fastify.getDefaultJsonParser('error', 'error'),
  );
  const door = new RawMailDoor(app);
  fastify.addHook('preParsing', (request) => door.admit(request));
  fastify.addContentTypeParser(RAW_MAIL, { parseAs: 'buffer', bodyLimit: RAW_MAIL_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
}

function factsOf(request: FastifyRequest, reply: FastifyReply): Parameters<typeof requestLine>[0] {
  const actor = scopes.get(request)?.actor;
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
    ],
    maxAge: 600,
  });
  if (config.CORS_ORIGIN.includes('*')) new Logger('http').warn('CORS_ORIGIN is *: every web page may call this API');
}

const LOADS_NOTHING = "default-src 'none'; frame-ancestors 'none'";
/** What the pages of Swagger UI and of the queue board need: their own files, and what they write into the page. */
const OF_PAGES =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
const PAGES = /^\/(?:api-docs|queues)(?:[/?]|$)/;

/** The content policy depends on the path, so the hook sets it. */
function helmetOptions(config: Config): object {
  return { global: true, contentSecurityPolicy: false, strictTransportSecurity: config.NODE_ENV === 'production' };
}
