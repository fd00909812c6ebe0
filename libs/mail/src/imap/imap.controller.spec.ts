import { authContexts, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailContext } from '../index.js';

const ROUTE = '/api/v1/mailboxes';
const GRANTS = ['mailboxes:read', 'mailboxes:manage'];
const SETTINGS = { host: 'IMAP.acme.example', username: 'support', password: 'a secret of theirs' };

describe('The IMAP settings of a mailbox over HTTP', () => {
  let slice: Slice;
  let token: string;
  let id: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, mailContext] });
    token = (await signIn(slice, { grants: GRANTS })).token;
  });
  beforeEach(async () => {
    await slice.empty('imap_sources', 'mailboxes', 'audit_log');
    const body = { address: 'support@acme.example', name: 'Support' };
    ({ id } = (await slice.http('POST', ROUTE, { token, body })).body);
  });
  afterAll(() => slice?.close());

  type Method = Parameters<Slice['http']>[0];
  const call = (method: Method, path: string, body?: object, headers: Record<string, string> = {}) =>
    slice.http(method, `${ROUTE}/${id}/${path}`, { token, headers, ...(body && { body }) });
  const configure = (over: object = {}) => call('PUT', 'imap', { ...SETTINGS, ...over });
  const stored = async () => (await slice.superuser.query('select * from imap_sources')).rows[0];

  it('are not there at first, and sensible when little is said', async () => {
    expect(await call('GET', 'imap')).toMatchObject({ status: 404, body: { code: 'imap_not_configured' } });
    const { status, headers, body } = await configure();
    expect({ status, etag: headers.etag }).toEqual({ status: 200, etag: '"1"' });
    expect(body).toMatchObject({
      id,
      host: 'imap.acme.example',
      port: 993,
      security: 'tls',
      folder: 'INBOX',
      intervalSeconds: 60,
      marksSeen: false,
    });
    expect((await configure({ security: 'starttls' })).body.port).toBe(143);
  });

  it('never show the password, nor keep it where it can be read', async () => {
    await configure();
    await configure({ folder: 'Other' });
    expect((await stored()).password).toMatch(/^v1\./);
    const shown = await call('GET', 'imap');
    const { rows } = await slice.superuser.query('select before::text, after::text from audit_log');
    expect(rows.length).toBeGreaterThan(1);
    const everything = JSON.stringify([shown.body, rows, await stored()]);
    expect(everything).not.toContain(SETTINGS.password);
    expect(JSON.stringify(rows)).not.toContain('v1.');
  });

  it('send the stored password nowhere else', async () => {
    expect(await configure({ password: undefined })).toMatchObject({
      status: 422,
      body: { code: 'imap_password_needed', errors: [{ pointer: '/password' }] },
    });
    await configure();
    const { password } = await stored();
    for (const over of [
      { host: 'evil.example' },
      { port: 994 },
      { username: 'x' },
      { security: 'starttls', port: 993 },
    ])
      expect((await configure({ ...over, password: undefined })).body.code).toBe('imap_password_needed');
    expect((await configure({ folder: 'Archive', password: undefined })).status).toBe(200);
    expect(await stored()).toMatchObject({ password, folder: 'Archive' });
  });

  it('are changed where they were not changed by others, and removed', async () => {
    await configure();
    await configure({ intervalSeconds: 300 });
    const late = { ...SETTINGS, intervalSeconds: 30 };
    expect((await call('PUT', 'imap', late, { 'if-match': '"1"' })).status).toBe(412);
    expect((await call('DELETE', 'imap', undefined, { 'if-match': '"1"' })).status).toBe(412);
    expect((await call('DELETE', 'imap')).status).toBe(204);
    expect((await call('DELETE', 'imap')).body.code).toBe('imap_not_configured');
    expect((await slice.superuser.query('select 1 from imap_polls')).rows).toEqual([]);
  });

  it('of two first ones at once are one', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => configure()));
    expect(answers.map(({ status }) => status).filter((status) => ![200, 409].includes(status))).toEqual([]);
    expect((await slice.superuser.query('select 1 from imap_sources')).rows).toHaveLength(1);
  });

  it.each([
    ['host', { host: 'a b' }],
    ['host', { host: 'x\r\ny' }],
    ['port', { port: 0 }],
    ['security', { security: 'ssl' }],
    ['username', { username: 'a\r\nb' }],
    ['password', { password: '' }],
    ['folder', { folder: 'a\u0000' }],
    ['intervalSeconds', { intervalSeconds: 1 }],
    ['marksSeen', { marksSeen: null }],
    ['nothing', { nothing: 1 }],
  ])('refuse a wrong %s: %j', async (field, over) => {
    const { status, body } = await configure(over);
    expect(status).toBe(400);
    expect(body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer: `/${field}` })]));
  });

  it('have the mailbox polled now, and its completeness unknown until it was', async () => {
    expect((await call('POST', 'sync')).body.code).toBe('imap_not_configured');
    expect((await call('GET', 'completeness')).body.code).toBe('imap_not_configured');
    await configure();
    await slice.superuser.query(
      "update imap_polls set next_poll_at = now() + interval '1 hour', wants_comparison = false",
    );
    const { status, body } = await call('POST', 'sync');
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'waiting', errorCode: null, failures: 0, isPolling: false, polledAt: null });
    expect(new Date(body.nextPollAt).getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
    expect((await slice.superuser.query('select wants_comparison from imap_polls')).rows).toEqual([
      { wants_comparison: true },
    ]);
    expect((await call('GET', 'completeness?from=2026-11-01T00:00:00Z')).body).toMatchObject({
      mailboxId: id,
      status: 'unknown',
      reason: 'never_compared',
      summary: 'accounted for 0 of 0',
      poll: { state: 'waiting' },
      counts: { claimed: null, listed: 0 },
      missing: [],
    });
    expect((await call('GET', 'completeness?from=yesterday')).status).toBe(400);
  });

  it('of a mailbox in the trash are not changed', async () => {
    await configure();
    await slice.http('DELETE', `${ROUTE}/${id}`, { token });
    for (const answer of [await configure(), await call('POST', 'sync')])
      expect(answer).toMatchObject({ status: 409, body: { code: 'mailbox_in_trash' } });
  });

  it('ask for the permissions of mailboxes, and are not seen by another tenant', async () => {
    await configure();
    const reader = (await signIn(slice, { grants: ['mailboxes:read'] })).token;
    const stranger = (await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT })).token;
    const routes: [Method, string, object?][] = [
      ['GET', 'imap'],
      ['GET', 'completeness'],
      ['PUT', 'imap', SETTINGS],
      ['DELETE', 'imap'],
      ['POST', 'sync'],
    ];
    for (const [at, [method, path, body]] of routes.entries()) {
      const given = body && { body };
      expect((await slice.http(method, `${ROUTE}/${id}/${path}`, { token: reader, ...given })).status).toBe(
        at < 2 ? 200 : 403,
      );
      expect((await slice.http(method, `${ROUTE}/${id}/${path}`, { token: stranger, ...given })).status).toBe(404);
      expect((await slice.http(method, `${ROUTE}/${newId()}/${path}`, { token, ...given })).status).toBe(404);
    }
  });
});
