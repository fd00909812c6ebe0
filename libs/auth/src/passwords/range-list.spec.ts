import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Outbound } from '@app/platform';
import { aConfig } from '@app/platform/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { RangeList } from './range-list.js';

const LEAKED = 'hunter2-and-then-some';
const sha1 = (password: string): string => createHash('sha1').update(password).digest('hex').toUpperCase();
const PADDING = '00D4F6E8FA6EECAD2A3AA415EEC418D38EC:0';

describe('The list of leaked passwords', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((done) => (server ? server.close(done) : done(undefined)));
    server = undefined;
  });

  async function listAt(answer: RequestListener): Promise<RangeList> {
    const made = createServer(answer);
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
    server = made;
    const url = `http://127.0.0.1:${(made.address() as AddressInfo).port}/range/`;
    const config = aConfig({ BREACH_RANGE_URL: url, OUTBOUND_PRIVATE_NETWORKS: '127.0.0.0/8' });
    return new RangeList(config, new Outbound(config));
  }
  const answering = (...lines: string[]): Promise<RangeList> => listAt((_, reply) => reply.end(lines.join('\r\n')));

  it('knows what is on it, however its digits are written, and nothing else', async () => {
    const rest = sha1(LEAKED).slice(5);
    expect(await (await answering(PADDING, `${rest}:42`)).has(LEAKED)).toBe(true);
    server?.close();
    expect(await (await answering(`${rest.toLowerCase()}:1`)).has(LEAKED)).toBe(true);
    server?.close();
    expect(await (await answering(PADDING, `${sha1('another').slice(5)}:42`)).has(LEAKED)).toBe(false);
  });

  it('does not take padding for a word of it', async () => {
    expect(await (await answering(`${sha1(LEAKED).slice(5)}:0`)).has(LEAKED)).toBe(false);
  });

  it('is told five digits of the hash and nothing more', async () => {
    const told: string[] = [];
    const list = await listAt((request, reply) => {
      request.on('data', (piece: Buffer) => told.push(piece.toString()));
      request.on('end', () => reply.end(PADDING));
      told.push(request.method ?? '', request.url ?? '', JSON.stringify(request.headers));
    });
    await list.has(LEAKED);
    const [method, url, headers, ...body] = told;
    expect([method, url, body]).toEqual(['GET', `/range/${sha1(LEAKED).slice(0, 5)}`, []]);
    expect(JSON.parse(headers ?? '')).toMatchObject({ 'add-padding': 'true', 'user-agent': 'nexus' });
    const all = told.join('\n').toUpperCase();
    expect(all).not.toContain(sha1(LEAKED).slice(0, 6));
    expect(all).not.toContain(sha1(LEAKED).slice(5, 12));
    expect(all).not.toContain(LEAKED.toUpperCase());
  });

  it.each<[string, RequestListener]>([
    ['says nothing', () => undefined],
    ['hangs up', (_, reply) => reply.destroy()],
    ['is out of order', (_, reply) => reply.writeHead(503).end()],
    ['sends elsewhere', (_, reply) => reply.writeHead(302, { location: 'https://example.com/' }).end()],
    ['answers a page', (_, reply) => reply.end('<html></html>')],
    ['answers without end', (_, reply) => reply.end(`${PADDING}\r\n`.repeat(20_000))],
  ])('keeps nobody from a password when it %s', async (_, answer) => {
    expect(await (await listAt(answer)).has(LEAKED)).toBe(false);
  });

  it('is not asked where there is none', async () => {
    const config = aConfig();
    expect(await new RangeList(config, new Outbound(config)).has(LEAKED)).toBe(false);
  });
});
