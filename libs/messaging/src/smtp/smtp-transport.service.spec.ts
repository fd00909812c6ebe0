import { createServer, type Server, type Socket } from 'node:net';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Drain } from '@app/platform';
import { aConfig } from '@app/platform/testing';
import { Logger } from '@nestjs/common';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestSmtpServer } from '../testing.js';
import type { Letter } from './mail-transport.js';
import { SmtpTransport } from './smtp-transport.js';

const aLetter = (over: Partial<Letter> = {}): Letter => ({
  from: { address: 'us@example.com', name: 'Nexus' },
  to: [{ address: 'asha@example.com' }],
  cc: [],
  replyTo: null,
  subject: 'Hello',
  text: 'Hello',
  html: null,
  messageId: '<1@example.com>',
  inReplyTo: null,
  references: [],
  unsubscribeUrl: null,
  isAutoSubmitted: false,
  envelope: ['asha@example.com'],
  ...over,
});

const TWO = {
  to: [{ address: 'asha@example.com' }, { address: 'ben@example.com' }],
  envelope: ['asha@example.com', 'ben@example.com'],
};
const GONE = { code: 550, text: '5.1.1 No such mailbox' };
const LATER = { code: 451, text: '4.7.1 Greylisted' };

beforeAll(() => Logger.overrideLogger(false));

describe('SMTP', () => {
  let server: TestSmtpServer;
  let drain: Drain;
  let transport: SmtpTransport;
  let begun: number;

  const connect = (url: string): SmtpTransport => new SmtpTransport(aConfig({ SMTP_URL: url }), (drain = new Drain()));
  const send = (over: Partial<Letter> = {}) => transport.send(aLetter(over), async () => void begun++);

  beforeEach(async () => {
    server = await TestSmtpServer.start();
    transport = connect(server.url);
    begun = 0;
  });
  afterEach(async () => {
    await drain.run('connections');
    await server.stop();
  });

  it('hands over a mail with everything that belongs in its header', async () => {
    const outcome = await send({
      replyTo: { address: 'support@example.com' },
      subject: 'Grüße aus Pune',
      inReplyTo: '<q@example.org>',
      references: ['<p@example.org>', '<q@example.org>'],
      unsubscribeUrl: `https://example.com/u/${'t'.repeat(120)}`,
      isAutoSubmitted: true,
    });
    expect(outcome).toMatchObject({
      kind: 'answered',
      answer: { accepted: ['asha@example.com'], refused: [] },
      bounced: [],
    });
    expect(server.received).toMatchObject([
      { from: 'us@example.com', recipients: ['asha@example.com'], subject: 'Grüße aus Pune' },
    ]);
    expect(server.received[0]!.headers).toMatchObject({
      'message-id': '<1@example.com>',
      'in-reply-to': '<q@example.org>',
      references: '<p@example.org> <q@example.org>',
      'reply-to': 'support@example.com',
      'auto-submitted': 'auto-replied',
      'list-unsubscribe': `<https://example.com/u/${'t'.repeat(120)}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
  });

  it('says what begins by itself is generated, and nothing of the kind of what a person wrote', async () => {
    await send({ isAutoSubmitted: true });
    await send();
    expect(server.received.map(({ headers }) => headers['auto-submitted'])).toEqual(['auto-generated', undefined]);
  });

  it('keeps a text that looks like the end of the data inside the data', async () => {
    await send({ text: 'one\r\n.\r\nMAIL FROM:<evil@example.com>\r\n' });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]!.text).toContain('MAIL FROM:<evil@example.com>');
  });

  it('uses a connection for many mails', async () => {
    for (let count = 0; count < 5; count++) await send();
    expect(server.connections).toBe(1);
  });

  it('asks once before the text leaves, and not at all when nobody is taken', async () => {
    await send();
    expect(begun).toBe(1);
    server.toRecipient = () => GONE;
    await send();
    expect(begun).toBe(1);
  });

  it('sends nothing when it is told not to, and says so in the same words', async () => {
    const reason = new Error('not ours any more');
    await expect(transport.send(aLetter(), () => Promise.reject(reason))).rejects.toBe(reason);
    expect(server.received).toEqual([]);
  });

  it('asks in the scope of who sends, whoever opened the connection', async () => {
    const scope = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    for (const tenant of ['a', 'b'])
      await scope.run(tenant, () => transport.send(aLetter(), async () => void seen.push(scope.getStore())));
    expect(server.connections).toBe(1);
    expect(seen).toEqual(['a', 'b']);
  });

  it.each([
    ['recipient', (one: TestSmtpServer) => (one.toRecipient = () => GONE)],
    ['text', (one: TestSmtpServer) => (one.toText = () => GONE)],
  ])('knows a %s refused for good, and that its mailbox does not exist', async (_, refuse) => {
    refuse(server);
    const outcome = await send();
    expect(outcome).toMatchObject({
      kind: 'answered',
      answer: { accepted: [], refused: [{ address: 'asha@example.com', isPermanent: true }] },
      bounced: ['asha@example.com'],
    });
  });

  it('blames no mailbox for a refusal of many, nor for a policy', async () => {
    server.toText = () => GONE;
    expect(await send(TWO)).toMatchObject({
      answer: { refused: [{ isPermanent: true }, { isPermanent: true }] },
      bounced: [],
    });
    server.toText = () => ({ code: 550, text: '5.7.1 Your address is listed' });
    expect(await send()).toMatchObject({ answer: { refused: [{ isPermanent: true }] }, bounced: [] });
  });

  it.each([
    ['recipient', (one: TestSmtpServer) => (one.toRecipient = () => LATER)],
    ['text', (one: TestSmtpServer) => (one.toText = () => LATER)],
  ])('knows a %s refused for now', async (_, refuse) => {
    refuse(server);
    expect(await send()).toMatchObject({
      kind: 'answered',
      answer: { refused: [{ isPermanent: false, response: '451 4.7.1 Greylisted' }] },
      bounced: [],
    });
  });

  it('tells apart who was taken, put off and refused', async () => {
    server.toRecipient = (address) =>
      ({ 'asha@example.com': 'accept' as const, 'ben@example.com': LATER, 'cy@example.com': GONE })[address] ??
      'accept';
    const outcome = await send({ envelope: ['asha@example.com', 'ben@example.com', 'cy@example.com'] });
    expect(outcome).toMatchObject({
      answer: {
        accepted: ['asha@example.com'],
        refused: [
          { address: 'ben@example.com', isPermanent: false },
          { address: 'cy@example.com', isPermanent: true },
        ],
      },
      bounced: ['cy@example.com'],
    });
  });

  it('is in doubt when the server takes the text and hangs up, and does not repeat it', async () => {
    server.toText = () => 'drop';
    expect(await send()).toMatchObject({ kind: 'ambiguous' });
    expect(server.received).toHaveLength(1);
    expect(begun).toBe(1);
  });

  it('is in doubt also over a connection that has served before', async () => {
    await send();
    server.toText = () => 'drop';
    expect(await send()).toMatchObject({ kind: 'ambiguous' });
    expect(server.received).toHaveLength(2);
  });

  it('has nobody refused for good by a server that is not there', async () => {
    await server.stop();
    expect(await send()).toMatchObject({ kind: 'answered', answer: { refused: [{ isPermanent: false }] } });
    expect(begun).toBe(0);
  });

  it('sends over a new connection when the server closed the idle one', async () => {
    await send();
    server.hangUp();
    await new Promise((done) => setTimeout(done, 50));
    expect(await send()).toMatchObject({ kind: 'answered', answer: { accepted: ['asha@example.com'] } });
    expect(server.received).toHaveLength(2);
  });
});

describe('An SMTP server of ill manners', () => {
  let server: Server;
  let drain: Drain;
  const sockets = new Set<Socket>();

  async function against(
    answer: (line: string) => string | undefined,
    { greeting = '220 hello', letter = aLetter() } = {},
  ) {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.write(`${greeting}\r\n`);
      socket.on('data', (data: Buffer) => {
        const reply = answer(data.toString());
        if (reply === undefined) socket.destroy();
        else socket.write(`${reply}\r\n`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return (url = `smtp://127.0.0.1:${port}`) =>
      new SmtpTransport(aConfig({ SMTP_URL: url.replace('PORT', String(port)) }), (drain = new Drain())).send(
        letter,
        async () => {},
      );
  }
  afterEach(async () => {
    await drain.run('connections');
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  });

  it('that turns everybody away has refused nobody for good', async () => {
    const send = await against(() => '221 bye', { greeting: '554 5.7.1 No service from your network' });
    expect(await send()).toMatchObject({
      kind: 'answered',
      answer: { refused: [{ isPermanent: false }] },
      bounced: [],
    });
  });

  it('that does not know our password has refused nobody for good', async () => {
    const send = await against((line) =>
      line.startsWith('EHLO') ? '250-hi\r\n250 AUTH PLAIN' : '535 5.7.8 Bad credentials',
    );
    expect(await send('smtp://us:wrong@127.0.0.1:PORT')).toMatchObject({
      answer: { refused: [{ isPermanent: false }] },
      bounced: [],
    });
  });

  it('that hangs up before it asks for the text has taken nothing', async () => {
    const send = await against((line) => (line.startsWith('DATA') ? undefined : '250 ok'));
    expect(await send()).toMatchObject({ kind: 'answered', answer: { refused: [{ isPermanent: false }] } });
  });

  it('that reads only ASCII is given the mailbox with its domain in ASCII', async () => {
    const asked: string[] = [];
    const letter = aLetter({ to: [{ address: 'Info@bücher.example' }], envelope: ['Info@bücher.example'] });
    const send = await against((line) => (asked.push(line.trim()), line.startsWith('RCPT') ? '550 no' : '250 ok'), {
      letter,
    });
    await send();
    expect(asked).toContain('RCPT TO:<Info@xn--bcher-kva.example>');
  });

  it('that answers with control characters cannot harm what is kept', async () => {
    const send = await against((line) => (line.startsWith('RCPT') ? '550 5.7.1 no\0\u001b[2J way' : '250 ok'));
    const outcome = await send();
    expect(JSON.stringify(outcome)).not.toMatch(/\\u0000|\\u001b/);
    expect(outcome).toMatchObject({ answer: { refused: [{ isPermanent: true }] } });
  });
});
