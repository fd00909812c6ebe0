import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Denials } from '../access/index.js';
import { ConfigModule } from '../config/index.js';
import { aConfig } from '../config/testing.js';
import { RecordShapes } from '../field-rights/index.js';
import { LoggingModule } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { Ports } from '../ports/index.js';
import { createHttpApp, TIMEOUTS } from './http-app.js';
import { ProblemFilter } from './problem.filter.js';

const LARGE = 'x'.repeat(64 * 1024 * 1024); // more than the buffers of a connection hold
const ORIGIN = 'https://crm.example';
const config = aConfig({ CORS_ORIGIN: ORIGIN, LOG_LEVEL: 'fatal' });

@Controller()
class Echo {
  @Get('large')
  large(): string {
    return LARGE;
  }

  @Post('echo')
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({
  imports: [ConfigModule.forRoot(config), LoggingModule.forRoot({ app: 'spec' })],
  controllers: [Echo],
  providers: [
    Metrics,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: Ports, useValue: { all: () => [] } },
    RecordShapes,
    { provide: Denials, useValue: { record: () => Promise.resolve() } },
  ],
})
class EchoModule {}

describe('An HTTP application', () => {
  let app: NestFastifyApplication;
  let socket: Socket | undefined;
  beforeAll(async () => {
    const short = { requestTimeout: 300, keepAliveTimeout: 300, connectionTimeout: 400 };
    const http = { headersTimeout: 300, connectionsCheckingInterval: 50 };
    app = await createHttpApp(EchoModule, config, { ...short, http });
    await app.listen(0, '127.0.0.1');
  });
  afterEach(() => socket?.destroy());
  afterAll(() => app.close());

  /** Sends what it is given, a piece every 100 ms; resolves with what came back once the server has hung up. */
  function hungUpAfter(pieces: string[], reads = true): Promise<string> {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const client = (socket = connect(port, '127.0.0.1'));
    let answer = '';
    let at = 0;
    const sending = setInterval(() => client.writable && client.write(pieces[at++] ?? pieces.at(-1) ?? ''), 100);
    if (reads) client.on('data', (chunk) => (answer += chunk.toString()));
    else client.pause();
    return new Promise((done) => {
      client.on('error', () => undefined).on('close', () => (clearInterval(sending), done(answer)));
      if (!reads) setTimeout(() => client.resume(), 1500); // a paused socket hears of the end only behind its data
    });
  }

  const post = (headers: Record<string, string>, payload: string | Buffer) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/echo',
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });

  it('waits a minute for a request, longer than balancers for the next one, and not for ever for a reader', () => {
    expect(TIMEOUTS).toEqual({ requestTimeout: 60_000, keepAliveTimeout: 65_000, connectionTimeout: 120_000 });
    const server = app.getHttpServer();
    expect([server.requestTimeout, server.keepAliveTimeout, server.timeout]).toEqual([300, 300, 400]);
  });

  it('hangs up on who sends header after header', async () => {
    expect(await hungUpAfter(['GET /api/v1/large HTTP/1.1\r\nhost: a\r\n', 'x-more: 1\r\n'])).toContain('408');
  });

  it('hangs up on who sends a body byte by byte', async () => {
    const head =
      'POST /api/v1/echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n';
    expect(await hungUpAfter([`${head}{"a":"`, 'x'])).not.toContain('200 OK');
  });

  it('hangs up on who does not read the answer', async () => {
    const read = await hungUpAfter(['GET /api/v1/large HTTP/1.1\r\nhost: a\r\n\r\n', ''], false);
    expect(read.length).toBeLessThan(LARGE.length);
  });

  it('hangs up on who asks nothing more', async () => {
    const answer = await hungUpAfter(['POST /api/v1/echo HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n', '']);
    expect(answer).toMatch(/keep-alive: timeout/i);
  });

  it('unpacks no body, and says so', async () => {
    const bomb = gzipSync(JSON.stringify({ a: 'x'.repeat(5 * 1024 * 1024) }));
    for (const encoding of ['gzip', 'GZIP', 'br', 'deflate', 'gzip, identity']) {
      const { statusCode } = await post({ 'content-encoding': encoding }, bomb);
      expect([encoding, statusCode]).toEqual([encoding, 415]);
    }
    expect((await post({ 'content-encoding': 'identity' }, '{"a":1}')).json()).toEqual({ a: 1 });
  });

  it('reads JSON as UTF-8, whatever charset is claimed, and the last of two equal keys', async () => {
    const claimed = { 'content-type': 'application/json; charset=utf-7' };
    expect((await post(claimed, '{"a":"+ADw-"}')).json()).toEqual({ a: '+ADw-' });
    expect((await post({}, '{"a":1,"a":2}')).json()).toEqual({ a: 2 });
    const overlong = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0x80, 0xff]), Buffer.from('"}')]);
    expect((await post({}, overlong)).json()).toEqual({ a: '\ufffd\ufffd\ufffd' });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'x',
  ])('takes no %s', async (type) => {
    expect((await post({ 'content-type': type }, '{"a":1}')).statusCode).toBe(415);
  });

  it('may be called by the web pages of the origins that are named, and by no others', async () => {
    const asked = async (origin: string) =>
      (
        await app.inject({
          method: 'OPTIONS',
          url: '/api/v1/echo',
          headers: { origin, 'access-control-request-method': 'POST' },
        })
      ).headers;
    expect(await asked(ORIGIN)).toMatchObject({ 'access-control-allow-origin': ORIGIN });
    for (const origin of ['https://crm.example.evil.example', 'http://crm.example', 'null']) {
      const headers = await asked(origin);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });
});

describe('An HTTP application in production', () => {
  it('has itself asked over TLS only', async () => {
    const production = aConfig({ NODE_ENV: 'production' });
    const app = await createHttpApp(EchoModule, production);
    await app.init();
    const { headers } = await app.inject({ method: 'GET', url: '/api/v1/nowhere' });
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}; includeSubDomains$/);
    await app.close();
  });

  it('lets a browser neither guess, frame, keep nor load anything of an answer', async () => {
    const app = await createHttpApp(EchoModule, aConfig({ NODE_ENV: 'production' }));
    await app.init();
    const { headers } = await app.inject({ method: 'GET', url: '/api/v1/nowhere' });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
    });
    expect(headers).not.toHaveProperty('x-download-options');
    const page = await app.inject({ method: 'GET', url: '/api-docs' });
    expect(page.headers).toMatchObject({ 'cross-origin-opener-policy': 'same-origin', 'x-download-options': 'noopen' });
    await app.close();
  });
});
