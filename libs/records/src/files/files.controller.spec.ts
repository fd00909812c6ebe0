import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type SignedIn, signIn } from '@app/auth/testing';
import { aKnownCustomer, inquiriesContexts } from '@app/inquiries/testing';
import { FixedClock, newId } from '@app/kernel';
import { FileMissing, FileStore } from '@app/platform';
import { bootSlice, EICAR, OTHER_TENANT, type Slice, TestClamd } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LINK_LIFE_MS, MOST_FILE_BYTES } from './file.policy.js';

const EVERYTHING = [
  ...['files:read', 'files:write', 'customers:read_all', 'customers:update_all', 'customers:delete_all'],
  ...['customers:purge', 'inquiries:read_all', 'inquiries:update_all', 'inquiries:create'],
];
const PDF = (text: string): Buffer => Buffer.from(`%PDF-1.7\n${text}`);
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

describe('Files on records', () => {
  const clock = new FixedClock(new Date('2026-11-02T09:00:00Z'));
  let slice: Slice;
  let [ada, clara, chief]: SignedIn[] = [];
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock });
    ada = await signIn(slice, { grants: EVERYTHING });
    clara = await signIn(slice, { grants: ['files:read', 'files:write', 'customers:read_own'] });
    chief = await signIn(slice, { grants: [...EVERYTHING, 'files:moderate'] });
    await slice.superuser.query(`set session app.actor_id = '${ada.userId}'`);
    await slice.superuser.query(`set session app.actor_name = 'test'`);
  });
  beforeEach(async () => {
    customerId = await slice.as(ada!.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  type Method = 'GET' | 'POST' | 'DELETE';
  const call = (method: Method, path: string, as = ada, body?: unknown) =>
    slice.http(method, `/api/v1/${path}`, { token: as!.token, body });
  async function send(path: string, content: Buffer, as = ada, headers: object = {}) {
    const answer = await slice.app.inject({
      method: 'POST',
      url: `/api/v1/${path}`,
      headers: {
        authorization: `Bearer ${as!.token}`,
        'content-type': 'application/octet-stream',
        ...headers,
      },
      payload: Readable.from([content.subarray(0, 7), content.subarray(7)].filter((part) => part.length)),
    });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  }
  const add = (content: Buffer, name = 'offer.pdf', as = ada, recordId = customerId, kind = 'customers') =>
    send(`files?recordKind=${kind}&recordId=${recordId}&name=${encodeURIComponent(name)}`, content, as);
  const namesOn = async (recordId: string, as = ada): Promise<string[]> =>
    (await call('GET', `files?recordId=${recordId}`, as)).body.data.map(({ name }: { name: string }) => name);
  const linkTo = async (id: string, number = 1): Promise<string> => {
    const { status, body } = await call('POST', `files/${id}/link?number=${number}`);
    expect(status).toBe(200);
    return body.url as string;
  };
  const follow = (path: string) => slice.app.inject({ method: 'GET', url: path });
  const isStored = (hash: string): Promise<boolean> =>
    slice.as(ada!.actor, () =>
      slice
        .get(FileStore)
        .read(hash)
        .then(
          () => true,
          (error: unknown) => {
            if (error instanceof FileMissing) return false;
            throw error;
          },
        ),
    );
  const unfinished = (): Promise<string[]> => readdir(join(slice.config.STORAGE_DIR, 'incoming')).catch(() => []);

  it('are added, listed and downloaded byte for byte, by a link that needs no login', async () => {
    const content = PDF(randomBytes(300_000).toString('latin1'));
    const {
      status,
      body: file,
      headers,
    } = await add(content, 'Größe "1".txt'.replace(/"/g, "'").replace('txt', 'pdf'));
    expect({ status, file, location: headers.location }).toMatchObject({
      ...{ status: 201, location: `/api/v1/files/${file.id}` },
      file: {
        ...{ recordKind: 'customers', recordId: customerId, name: "Größe '1'.pdf", mimeType: 'application/pdf' },
        ...{ size: content.length, sha256: sha256(content), state: 'available', latest: 1, createdBy: ada!.userId },
      },
    });
    expect((await call('GET', `files/${file.id}`)).body).toEqual(file);
    expect((await call('GET', `files?recordId=${customerId}&mimeType=application/pdf`)).body.data).toEqual([file]);
    const answer = await follow(await linkTo(file.id));
    expect(answer.rawPayload.equals(content)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(content.length),
      'content-disposition': expect.stringMatching(/^attachment; filename="Gr__e '1'.pdf"; filename\*=UTF-8''/),
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    const { rows } = await slice.superuser.query(
      `select actor_id as actor, after from audit_log where entity = 'files' and entity_id = $1 and action = 'linked'`,
      [file.id],
    );
    expect(rows).toEqual([{ actor: ada!.userId, after: { number: 1 } }]);
  });

  it('lead nowhere by a link that is forged, changed, or over', async () => {
    const { body: file } = await add(PDF('secret'));
    const path = await linkTo(file.id);
    const token = path.slice('/api/v1/files/content/'.length);
    const forged = Array.from({ length: token.length }, (_, at) => {
      const bytes = Buffer.from(token, 'base64url');
      bytes[at % bytes.length]! ^= 1 << (at % 8);
      return bytes.toString('base64url');
    });
    for (const one of [...forged, token.slice(1), `${token}A`, 'x']) {
      const answer = await follow(`/api/v1/files/content/${one}`);
      expect({ one, status: answer.statusCode }).toEqual({ one, status: 404 });
    }
    clock.advance(LINK_LIFE_MS - 1);
    expect((await follow(path)).statusCode).toBe(200);
    clock.advance(1);
    expect((await follow(path)).json()).toMatchObject({ status: 404, code: 'file_link_unknown' });
  });

  it('keep their versions, each with its bytes; two at once are two', async () => {
    const { body: file } = await add(PDF('first'));
    const renewed = await send(`files/${file.id}/versions`, PDF('second'));
    expect(renewed).toMatchObject({ status: 201, body: { id: file.id, name: 'offer.pdf', latest: 2, version: 2 } });
    const stale = await send(`files/${file.id}/versions`, PDF('third'), ada, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict' } });
    const { rows: unwanted } = await slice.superuser.query(
      `select 1 from outbox where type = 'records.forget-bytes' and payload->>'hash' = $1`,
      [sha256(PDF('third'))],
    );
    expect(unwanted).toHaveLength(1);
    await Promise.all(['a', 'b'].map((text) => send(`files/${file.id}/versions?name=offer-${text}.pdf`, PDF(text))));
    const { data } = (await call('GET', `files/${file.id}/versions`)).body;
    expect(data.map(({ number }: { number: number }) => number)).toEqual([4, 3, 2, 1]);
    for (const [number, text] of [
      [1, 'first'],
      [2, 'second'],
    ] as const)
      expect((await follow(await linkTo(file.id, number))).rawPayload.equals(PDF(text))).toBe(true);
    expect((await call('POST', `files/${file.id}/link?number=9`)).status).toBe(404);
    expect((await send(`files/${file.id}/versions?name=offer.txt`, PDF('x'))).status).toBe(201); // it is text as well
    expect((await send(`files/${file.id}/versions?name=offer.png`, PDF('x'))).body).toMatchObject({
      code: 'file_type_refused',
    });
  });

  it('are refused by name, type and size, and leave nothing behind', async () => {
    const large = Buffer.alloc(MOST_FILE_BYTES + 1, ' ');
    large.write('%PDF-1.7');
    const refusals: [Buffer, string, number, string][] = [
      [PDF('x'), 'offer.php.pdf', 422, 'file_name_refused'],
      [PDF('x'), '../offer.pdf', 422, 'file_name_refused'],
      [PDF('x'), 'offer.exe', 415, 'file_type_refused'],
      [Buffer.from('<html>'), 'offer.pdf', 415, 'file_type_refused'],
      [Buffer.alloc(0), 'offer.pdf', 422, 'file_empty'],
      [large, 'offer.pdf', 413, 'file_too_large'],
    ];
    for (const [content, name, status, code] of refusals)
      expect(await add(content, name)).toMatchObject({ status, body: { code } });
    expect((await add(large.subarray(0, MOST_FILE_BYTES), 'offer.pdf')).status).toBe(201);
    const asJson = await call('POST', `files?recordKind=customers&recordId=${customerId}&name=a.pdf`, ada, {});
    expect(asJson).toMatchObject({ status: 415, body: { code: 'unsupported_content_type' } });
    expect(await send('notes', PDF('x'))).toMatchObject({ status: 415 });
    expect(await send('files?recordKind=customers', PDF('x'))).toMatchObject({ status: 400 });
    expect(await namesOn(customerId)).toEqual(['offer.pdf']);
    expect(await unfinished()).toEqual([]);
  });

  it('that are two things at once are told by their beginning, and run nowhere', async () => {
    const polyglot = Buffer.from('GIF89a/*<html><script>alert(1)</script>*/=1;');
    const { body: file } = await add(polyglot, 'photo.gif');
    const { headers } = await follow(await linkTo(file.id));
    expect(headers).toMatchObject({
      'content-type': 'image/gif',
      'content-disposition': expect.stringContaining('attachment'),
      'x-content-type-options': 'nosniff',
    });
    expect(await add(polyglot, 'photo.html')).toMatchObject({ status: 415 });
  });

  const listening = async (): Promise<number> => {
    if (!slice.app.getHttpServer().listening) await slice.app.listen(0, '127.0.0.1');
    return (slice.app.getHttpServer().address() as { port: number }).port;
  };
  const pathOf = (name: string): string => `/api/v1/files?recordKind=customers&recordId=${customerId}&name=${name}`;

  it('are refused while they still come in, and the connection takes what comes next', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const port = await listening();
    const ask = (method: string, path: string, body?: Buffer) =>
      new Promise<{ status: number; local: number | undefined }>((resolve, reject) => {
        const headers = { authorization: `Bearer ${ada!.token}`, 'content-type': 'application/octet-stream' };
        const asked = request({ agent, port, method, path, headers }, (answer) => {
          const local = answer.socket.localPort;
          answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, local }));
        });
        asked.on('error', reject).end(body);
      });
    try {
      const large = Buffer.alloc(MOST_FILE_BYTES + 5_000_000, ' ');
      const wrong = await ask('POST', pathOf('offer.png'), large);
      expect(wrong.status).toBe(415);
      large.write('%PDF-1.7');
      const tooLarge = await ask('POST', pathOf('offer.pdf'), large);
      expect(tooLarge).toEqual({ status: 413, local: wrong.local });
      expect(await ask('POST', pathOf('offer.pdf'), PDF('x'))).toEqual({ status: 201, local: wrong.local });
    } finally {
      agent.destroy();
    }
  });

  it('leave nothing when whoever sends one hangs up', async () => {
    const port = await listening();
    const path = pathOf('offer.pdf');
    const head = [
      ...[`POST ${path} HTTP/1.1`, 'host: x', `authorization: Bearer ${ada!.token}`],
      ...['content-type: application/octet-stream', 'content-length: 1000000', '', ''],
    ];
    const socket = connect(port, '127.0.0.1');
    socket.write(head.join('\r\n'));
    socket.write(PDF('x'.repeat(200_000)));
    await expect.poll(unfinished).toHaveLength(1);
    socket.destroy();
    await expect.poll(unfinished).toEqual([]);
    expect(await namesOn(customerId)).toEqual([]);
  });

  it('are for who may read the record, and are added by who may change it', async () => {
    const { body: file } = await add(PDF('x'));
    const inquiry = (await call('POST', 'inquiries', ada, { customerId, subject: 'Where?', message: 'Late.' })).body;
    expect((await add(PDF('y'), 'claim.pdf', ada, inquiry.id, 'inquiries')).status).toBe(201);
    expect((await add(PDF('y'), 'a.pdf', ada, newId(), 'orders')).body).toMatchObject({ code: 'record_kind_unknown' });
    const acts = (as: SignedIn | undefined) => [
      call('GET', `files/${file.id}`, as),
      call('GET', `files/${file.id}/versions`, as),
      call('POST', `files/${file.id}/link`, as),
      call('DELETE', `files/${file.id}`, as),
      send(`files/${file.id}/versions`, PDF('hers'), as),
      add(PDF('hers'), 'offer.pdf', as),
    ];
    const foreigner = await signIn(slice, { grants: [...EVERYTHING, 'files:moderate'], tenantId: OTHER_TENANT });
    for (const as of [clara, foreigner]) {
      expect(await namesOn(customerId, as)).toEqual([]);
      for (const { status } of await Promise.all(acts(as))) expect(status).toBe(404);
    }
    await slice.superuser.query('update customers set created_by = $1 where id = $2', [clara!.userId, customerId]);
    expect(await namesOn(customerId, clara)).toEqual(['offer.pdf']);
    expect((await Promise.all(acts(clara))).map(({ status }) => status)).toEqual([200, 200, 200, 403, 403, 403]);
    const headers = { 'content-type': 'application/octet-stream' };
    const nobodys = await slice.app.inject({ method: 'POST', url: '/api/v1/files', headers, payload: PDF('x') });
    expect(nobodys.statusCode).toBe(401);
  });

  it('are removed by whoever added them or moderates, and stand in the timeline until then', async () => {
    const { body: file } = await add(PDF('x'));
    const { body: other } = await add(PDF('y'), 'claim.pdf', chief);
    const told = async () => (await call('GET', `customers/${customerId}/timeline?kind=files.added`)).body.data;
    expect(await told()).toMatchObject([{ details: { name: 'claim.pdf' } }, { details: { name: 'offer.pdf' } }]);
    expect((await call('DELETE', `files/${other.id}`)).body).toMatchObject({ code: 'file_of_another' });
    expect((await call('DELETE', `files/${file.id}`, chief)).status).toBe(204);
    expect(await told()).toMatchObject([{ details: { name: 'claim.pdf' } }]);
    expect((await call('GET', `files/${file.id}`)).status).toBe(404);
  });

  it('go with their record, and their bytes once nobody names them any more', async () => {
    const [own, shared] = [PDF(newId()), PDF(newId())];
    const { body: file } = await add(own);
    await send(`files/${file.id}/versions`, shared);
    const elsewhere = await slice.as(ada!.actor, () => aKnownCustomer(slice));
    expect((await add(shared, 'same.pdf', ada, elsewhere)).status).toBe(201);
    const path = await linkTo(file.id);
    expect((await call('DELETE', `customers/${customerId}`)).status).toBe(204);
    expect(await namesOn(customerId)).toEqual([]);
    expect((await call('DELETE', `customers/${customerId}?permanent=true`)).status).toBe(204);
    expect((await follow(path)).statusCode).toBe(404);
    const worker = await bootSlice({
      ...{ contexts: inquiriesContexts, app: 'worker', clock },
      beside: { database: slice.database, config: slice.config },
    });
    try {
      const left = `select 1 from outbox where type = 'records.forget-bytes' and published_at is null`;
      expect((await slice.superuser.query(left)).rows.length).toBeGreaterThanOrEqual(2);
      expect(await isStored(sha256(own))).toBe(true);
      await slice.superuser.query(`update outbox set run_at = now() where type = 'records.forget-bytes'`);
      await worker.settled();
      await expect.poll(() => isStored(sha256(own))).toBe(false);
      await worker.settled();
      expect(await isStored(sha256(shared))).toBe(true);
    } finally {
      await worker.close();
    }
  });
});

describe('Files that are looked into', () => {
  let [api, worker]: Slice[] = [];
  let ada: SignedIn;
  let customerId: string;
  let clamd: TestClamd;

  beforeAll(async () => {
    clamd = await TestClamd.start();
    const given = { contexts: inquiriesContexts, env: { CLAMAV_URL: clamd.url } };
    api = await bootSlice(given);
    worker = await bootSlice({ ...given, app: 'worker', beside: { database: api.database, config: api.config } });
    ada = await signIn(api, { grants: EVERYTHING });
    customerId = await api.as(ada.actor, () => aKnownCustomer(api!));
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    await clamd.stop();
  });

  const add = async (text: string): Promise<string> => {
    const answer = await api!.app.inject({
      method: 'POST',
      url: `/api/v1/files?recordKind=customers&recordId=${customerId}&name=offer.pdf`,
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/octet-stream' },
      payload: PDF(text),
    });
    expect(answer.json()).toMatchObject({ state: 'quarantined' });
    return answer.json().id;
  };
  const seen = async (id: string) => (await api!.http('GET', `/api/v1/files/${id}`, { token: ada.token })).body;
  const linkTo = (id: string) => api!.http('POST', `/api/v1/files/${id}/link`, { token: ada.token });

  it('are nobody’s before they were, and never if something was found', async () => {
    clamd.fault = 'hangs_up';
    const clean = await add('clean');
    const bad = await add(EICAR);
    expect(await linkTo(clean)).toMatchObject({
      status: 423,
      body: { code: 'file_quarantined', state: 'quarantined' },
    });
    clamd.fault = 'none';
    await worker!.settled();
    await expect.poll(async () => (await seen(clean)).state, { timeout: 15_000 }).toBe('available');
    await expect
      .poll(() => seen(bad), { timeout: 15_000 })
      .toMatchObject({
        ...{ state: 'infected', finding: 'clamav: Eicar-Test-Signature' },
      });
    expect((await linkTo(clean)).status).toBe(200);
    expect(await linkTo(bad)).toMatchObject({ status: 423, body: { code: 'file_quarantined', state: 'infected' } });
  });
});
