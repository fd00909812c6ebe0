import { authContexts, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailContext, MailboxesService, MailFacade } from '../index.js';
import { aRawMail } from '../testing.js';

const RFC822 = { 'content-type': 'message/rfc822' };

describe('Incoming mail over HTTP', () => {
  let api: Slice;
  let worker: Slice;
  let admin: string;
  const ada = anActor();
  const team = newId();
  const content = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);

  beforeAll(async () => {
    api = await bootSlice({ contexts: [...authContexts, mailContext] });
    worker = await bootSlice({ contexts: [...authContexts, mailContext], app: 'worker', beside: api });
    admin = (await signIn(api, { grants: ['mail:ingest', 'mail:manage', 'mail:read_all'] })).token;
  });
  beforeEach(async () => {
    await worker.settled();
    await api.empty('mailboxes', 'mails', 'mail_deliveries', 'mail_attachments', 'outbox', 'deliveries');
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const ingest = (body: Buffer, token = admin, query = '') =>
    api.http('POST', `/api/v1/mail/raw${query}`, { token, body, headers: RFC822 });
  const get = (path: string, token = admin, headers?: Record<string, string>) =>
    api.http('GET', `/api/v1/mail/messages${path}`, { token, ...(headers && { headers }) });
  const read = async (raw: Buffer) => {
    const { id } = (await ingest(raw)).body;
    await worker.settled();
    return id as string;
  };

  it('answers 202 with an id under which its fate is told, and the same id for the same mail', async () => {
    const raw = aRawMail({ attachments: [{ filename: 'Ärger.png', mimeType: 'image/png', content }] });
    const first = await ingest(raw);
    expect(first).toMatchObject({ status: 202, body: { id: expect.any(String) } });
    await worker.settled();
    const { body, status } = await get(`/${first.body.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: first.body.id,
      state: 'parsed',
      decision: 'new',
      customerId: null,
      inquiryId: null,
      from: { name: 'Ann Lee', address: 'ann@example.org' },
      to: [{ name: '', address: 'support@acme.example' }],
      replyText: 'The lamp I bought does not light.',
      attachments: [{ mimeType: 'image/png', size: content.length, inline: false }],
      attachmentCount: 1,
      mailboxIds: [],
      automatic: false,
      receivedAt: expect.stringMatching(/Z$/),
    });
    const [links, again] = [{ customerId: newId(), inquiryId: newId() }, await ingest(raw)];
    expect(again.body).toEqual(first.body);
    await api.as(ada, () => api.get(MailFacade).attribute(first.body.id, links));
    expect((await get(`/${first.body.id}`)).body).toMatchObject({ state: 'routed', ...links });
  });

  it('is read only where it is wanted, and only from somebody with a good token', async () => {
    const tooLarge = Buffer.alloc(26 * 1024 * 1024, 'a');
    const send = (url: string, headers: Record<string, string>) =>
      api.http('POST', `/api/v1/${url}`, { body: tooLarge, headers: { ...RFC822, ...headers } });
    const statuses = await Promise.all([
      send('mail/raw', {}),
      send('mail/raw', { authorization: 'Bearer a.b.c' }),
      send('mail/raw', { 'x-api-key': 'nxs_00000000_0' }),
      send('mailboxes', { authorization: `Bearer ${admin}` }),
      send('auth/login', { 'content-type': 'Message/RFC822; charset=utf-8' }),
      send('mail/raw', { authorization: `Bearer ${admin}` }),
    ]);
    expect(statuses.map(({ status, body }) => `${status} ${body.code}`)).toEqual([
      ...['401 unauthenticated', '401 unauthenticated', '401 unauthenticated'],
      ...['415 unsupported_content_type', '415 unsupported_content_type', '413 body_too_large'],
    ]);
  });

  it('is one mail for twenty requests at once', async () => {
    const raw = aRawMail();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ingest(raw)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect((await get('')).body.meta.total).toBe(1);
  });

  it('takes an Idempotency-Key with a mail that came before', async () => {
    const raw = aRawMail();
    const { body } = await ingest(raw);
    const headers = { ...RFC822, 'idempotency-key': newId() };
    const keyed = () => api.http('POST', '/api/v1/mail/raw', { token: admin, body: raw, headers });
    expect((await keyed()).body).toEqual(body);
    expect(await keyed()).toMatchObject({ status: 202, body, headers: { 'idempotent-replayed': 'true' } });
  });

  it.each([
    ['an empty body', RFC822, Buffer.alloc(0), 400, 'mail_empty'],
    ['JSON', { 'content-type': 'application/json' }, Buffer.from('{"a":1}'), 415, 'raw_mail_expected'],
    ['plain text', { 'content-type': 'text/plain' }, Buffer.from('From: a@b.c'), 415, 'unsupported_content_type'],
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      Buffer.from('a=1'),
      415,
      'unsupported_content_type',
    ],
    ['a packed mail', { ...RFC822, 'content-encoding': 'gzip' }, Buffer.from('a'), 415, 'unsupported_content_encoding'],
    ['bytes', { 'content-type': 'application/octet-stream' }, Buffer.from('a'), 415, 'unsupported_content_type'],
    ['more than 25 MiB', RFC822, Buffer.alloc(25 * 1024 * 1024 + 1, 0x61), 413, 'body_too_large'],
  ])('refuses %s', async (_what, headers, body, status, code) => {
    const answer = await api.http('POST', '/api/v1/mail/raw', { token: admin, body, headers });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });

  it('refuses an unknown mailbox and an unknown key', async () => {
    expect(await ingest(aRawMail(), admin, '?mailbox=nobody@acme.example')).toMatchObject({
      status: 400,
      body: { code: 'unknown_mailbox' },
    });
    expect((await ingest(aRawMail(), admin, '?to=x')).status).toBe(400);
  });

  it('asks for the permission of each route', async () => {
    const { token } = await signIn(api, { grants: ['inquiries:take'] });
    const id = await read(aRawMail());
    const answers = await Promise.all([
      ingest(aRawMail(), token),
      get('', token),
      get(`/${id}`, token),
      get(`/${id}/raw`, token),
      get(`/${id}/attachments/${newId()}`, token),
      api.http('POST', `/api/v1/mail/messages/${id}/reparse`, { token }),
    ]);
    expect(answers.map(({ status, body }) => `${status} ${body.permission}`)).toEqual([
      '403 mail:ingest',
      ...Array.from({ length: 4 }, () => '403 mail:read'),
      '403 mail:manage',
    ]);
    expect((await api.http('POST', '/api/v1/mail/raw', { body: aRawMail(), headers: RFC822 })).status).toBe(401);
  });

  it('shows what could not be read, and reads it again when asked, but nothing else', async () => {
    const id = await read(Buffer.from('no mail at all'));
    const { body } = await get('?state=quarantined');
    expect(body.data).toMatchObject([{ id, state: 'quarantined', quarantineReason: 'no_sender' }]);
    const again = () => api.http('POST', `/api/v1/mail/messages/${id}/reparse`, { token: admin });
    await api.superuser.query('begin; lock table deliveries in exclusive mode'); // the worker waits meanwhile
    const answers = [await again(), await again()];
    await api.superuser.query('commit');
    expect(answers).toMatchObject([
      { status: 202, body: { state: 'received', quarantineReason: null } },
      { status: 409, body: { code: 'invalid_transition', from: 'received', allowed: expect.any(Array) } },
    ]);
    await worker.settled();
    expect((await get(`/${id}`)).body.state).toBe('quarantined');
  });

  it('filters, pages and refuses unknown fields', async () => {
    const ids = [await read(aRawMail({ from: 'ann@example.org' })), await read(aRawMail({ from: 'bob@example.org' }))];
    const listed = async (query: string) => (await get(query)).body.data.map(({ id }: { id: string }) => id);
    expect(await listed('')).toEqual([...ids].reverse());
    expect(await listed('?from=bob@example.org')).toEqual([ids[1]]);
    expect(await listed('?state=routed')).toEqual([]);
    expect(await listed('?receivedAt[lt]=2020-01-01')).toEqual([]);
    expect(await listed('?mailboxId[null]=true&sort=receivedAt')).toEqual(ids);
    expect((await get('?text=x')).status).toBe(400);
    expect((await get('')).body.data[0]).not.toHaveProperty('text');
  });

  it('gives back the source byte for byte, to be saved and never shown, and notes who took it', async () => {
    const raw = aRawMail({ text: '<script>alert(1)</script>' });
    const id = await read(raw);
    const { rawPayload, headers } = await api.app.inject({
      url: `/api/v1/mail/messages/${id}/raw`,
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(rawPayload).toEqual(raw);
    expect(headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${id}.eml"; filename*=UTF-8''${id}.eml`,
      'content-length': String(raw.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    const noted = await api.superuser.query("select entity_id from audit_log where action = 'source_read'");
    expect(noted.rows).toEqual([{ entity_id: id }]);
  });

  it.each([
    [
      'Ärger "1".png',
      'image/png',
      'image/png',
      `attachment; filename="_rger _1_.png"; filename*=UTF-8''%C3%84rger%20_1_.png`,
    ],
    [
      'page.html',
      'text/html',
      'application/octet-stream',
      `attachment; filename="page.html"; filename*=UTF-8''page.html`,
    ],
  ])('gives out the attachment %s as a file of a harmless type', async (filename, mimeType, type, disposition) => {
    const encoded = `=?utf-8?B?${Buffer.from(filename).toString('base64')}?=`;
    const id = await read(aRawMail({ attachments: [{ filename: encoded, mimeType, content }] }));
    const [attachment] = (await get(`/${id}`)).body.attachments;
    const { rawPayload, headers } = await api.app.inject({
      url: `/api/v1/mail/messages/${id}/attachments/${attachment.id}`,
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(rawPayload).toEqual(content);
    expect(headers).toMatchObject({
      'content-type': type,
      'content-disposition': disposition,
      'x-content-type-options': 'nosniff',
    });
    const other = await read(aRawMail());
    expect((await get(`/${other}/attachments/${attachment.id}`)).status).toBe(404);
  });

  it('shows HTML without anything that runs or loads', async () => {
    const html = '<p onclick="x()">Hi<script>alert(1)</script><img src="https://spy.example/p.gif"></p>';
    const id = await read(Buffer.from(`From: ann@example.org\r\nContent-Type: text/html\r\n\r\n${html}`));
    const { body } = await get(`/${id}`);
    expect(body.html).toBe('<p>Hi<img data-remote-src="https://spy.example/p.gif" /></p>');
  });

  describe('is within reach', () => {
    const mailbox = (address: string, teamId: string | null) =>
      api.as(ada, () => api.get(MailboxesService).open({ address, name: 'Acme', teamId }));
    const reads = async (token: string, id: string) => [
      (await get(`/${id}`, token)).status,
      (await get('', token)).body.meta.total,
    ];

    it.each(['mail:read_own', 'mail:read_team'])(
      'of %s for the mailboxes of my teams, by whichever it came in',
      async (grant) => {
        const { token } = await signIn(api, { grants: [grant], teams: [team] });
        await mailbox('desk@acme.example', null);
        await mailbox('support@acme.example', team);
        const { token: outsider } = await signIn(api, { grants: [grant], teams: [newId()] });
        const id = await read(aRawMail({ to: 'desk@acme.example, support@acme.example' }));
        expect(await reads(token, id)).toEqual([200, 1]);
        expect(await reads(outsider, id)).toEqual([404, 0]);
        expect((await get(`/${id}/raw`, outsider)).status).toBe(404);
        const hidden = await read(aRawMail({ to: 'desk@acme.example' }));
        expect(await reads(token, hidden)).toEqual([404, 1]);
      },
    );

    it('of nobody in another tenant', async () => {
      const { token } = await signIn(api, { grants: ['mail:read_all', 'mail:manage'], tenantId: OTHER_TENANT });
      const id = await read(aRawMail());
      expect(await reads(token, id)).toEqual([404, 0]);
      expect((await api.http('POST', `/api/v1/mail/messages/${id}/reparse`, { token })).status).toBe(404);
    });
  });

  it('has an ETag and asks nothing of who has it already', async () => {
    const id = await read(aRawMail());
    const { headers } = await get(`/${id}`);
    expect((await get(`/${id}`, admin, { 'if-none-match': String(headers.etag) })).status).toBe(304);
  });
});
