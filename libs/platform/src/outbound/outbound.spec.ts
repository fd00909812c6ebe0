import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { aConfig } from '../config/testing.js';
import { Outbound } from './outbound.js';

describe('A call to the outside', () => {
  const closed = new Outbound(aConfig());
  const open = new Outbound(aConfig({ OUTBOUND_PRIVATE_NETWORKS: '127.0.0.0/8, ::1' }));
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((done) => (server ? server.close(done) : done(undefined)));
    server = undefined;
  });

  async function serve(answer: RequestListener): Promise<string> {
    const made = createServer({ maxHeaderSize: 2 ** 20 }, answer);
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
    server = made;
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
  }
  const fault = (call: Promise<unknown>) =>
    call.then(
      () => 'none',
      (error: { fault?: string }) => error.fault,
    );

  it.each([
    ['http://127.0.0.1/', 'private_address'],
    ['https://127.0.0.1/', 'private_address'],
    ['https://2130706433/', 'private_address'],
    ['https://0x7f.1/', 'private_address'],
    ['https://0177.0.0.1/', 'private_address'],
    ['https://127.1/', 'private_address'],
    ['https://①②⑦.⓪.⓪.①/', 'private_address'],
    ['https:\\\\127.0.0.1/', 'private_address'],
    ['https://localhost/', 'private_address'],
    ['https://[::1]/', 'private_address'],
    ['https://[::ffff:127.0.0.1]/', 'private_address'],
    ['https://169.254.169.254/latest/meta-data', 'private_address'],
    ['http://1.1.1.1/', 'port'],
    ['https://1.1.1.1:8443/', 'port'],
    ['https://user:secret@1.1.1.1/', 'credentials'],
    ['ftp://1.1.1.1/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['data:text/plain,x', 'scheme'],
    ['https://nobody.invalid/', 'unknown_host'],
  ])('does not go to %s', async (url, why) => {
    expect(await fault(closed.fetch(url))).toBe(why);
  });

  it('goes to private addresses where a setting says so, and says what it was asked to say', async () => {
    const url = await serve((request, reply) => {
      request.on('data', (body) => reply.setHeader('x-body', String(body)));
      request.on('end', () => reply.writeHead(201, { 'content-type': 'application/json' }).end('{"a":1}'));
    });
    const answer = await open.fetch(url, { method: 'POST', body: 'asked' });
    expect([answer.status, answer.headers.get('x-body'), await answer.json()]).toEqual([201, 'asked', { a: 1 }]);
    expect(await fault(closed.fetch(url))).toBe('private_address');
    expect(await fault(open.fetch('http://10.0.0.1/'))).toBe('private_address');
  });

  it('follows no redirect', async () => {
    let asked = 0;
    const url = await serve((_, reply) => {
      asked++;
      reply.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    expect((await open.fetch(url)).status).toBe(302);
    expect(asked).toBe(1);
  });

  it('ends when the answer drips, is endless, is packed, has too large a head, or breaks off', async () => {
    const drip: RequestListener = (_, reply) => {
      const timer = setInterval(() => reply.write('.'), 20);
      reply.on('close', () => clearInterval(timer));
    };
    expect(await fault(open.fetch(await serve(drip), {}, { milliseconds: 150 }))).toBe('too_slow');
    const answers: [RequestListener, string][] = [
      [(_, reply) => reply.end('x'.repeat(2000)), 'too_large'],
      [(_, reply) => reply.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(10_000))), 'encoded'],
      [(_, reply) => reply.setHeader('x-large', 'x'.repeat(20_000)).end('x'), 'unreachable'],
      [(_, reply) => reply.destroy(), 'unreachable'],
    ];
    for (const [answer, why] of answers) {
      server?.close();
      expect(await fault(open.fetch(await serve(answer), {}, { bytes: 1000 }))).toBe(why);
    }
  });

  it('tells no path and no query when it fails', async () => {
    const told = await closed.fetch('https://127.0.0.1/secret?code=secret').catch((error: Error) => error.message);
    expect(told).not.toContain('secret');
  });
});
