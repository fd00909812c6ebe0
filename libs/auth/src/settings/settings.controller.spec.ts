import { bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAccount, aTenant, authContexts, type SignedIn, signIn } from '../testing.js';

const URL = '/api/v1/tenants/current/settings';
const BRANDING = {
  displayName: 'North Travel',
  logoUrl: 'https://north.example/logo.png',
  accentColour: '#1a73e8',
  mailFooter: 'North Travel Ltd\n1 Harbour Street <Bristol>',
};
const NONE = { displayName: null, logoUrl: null, accentColour: null, mailFooter: null };

describe('The settings of a tenant', () => {
  let slice: Slice;
  let reader: SignedIn;
  let keeper: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    reader = await signIn(slice);
    keeper = await signIn(slice, { grants: ['tenants:manage'] });
  });
  afterAll(() => slice?.close());

  const read = async ({ token }: SignedIn = reader) => (await slice.http('GET', URL, { token })).body;
  const change = (body: object, headers: Record<string, string> = {}) =>
    slice.http('PATCH', URL, { token: keeper.token, body, headers });

  it('are told to its people, and changed by those who may', async () => {
    expect(await read()).toMatchObject({ currency: 'EUR', zone: 'UTC', locale: 'en', branding: NONE });
    expect((await slice.http('PATCH', URL, { token: reader.token, body: {} })).status).toBe(403);
    const { status, body } = await change({ branding: { ...BRANDING, accentColour: '#1A73E8' } });
    expect([status, body.branding]).toEqual([200, BRANDING]);
    const elsewhere = await signIn(slice, { tenantId: OTHER_TENANT });
    expect((await read(elsewhere)).branding).toEqual(NONE);
  });

  it('keep what a change does not name, and give up what it calls null', async () => {
    await change({ branding: BRANDING, retention: { sign_ins: 90 } });
    const { body } = await change({ branding: { logoUrl: null }, retention: { known_devices: 60 } });
    expect(body.branding).toEqual({ ...BRANDING, logoUrl: null });
    expect(body.retention).toEqual([
      expect.objectContaining({ kind: 'known_devices', days: 60, usualDays: 180, leastDays: 30 }),
      expect.objectContaining({ kind: 'sign_ins', days: 90, usualDays: 30, leastDays: 7 }),
    ]);
    expect((await change({ retention: { sign_ins: null } })).body.retention[1]).toMatchObject({ days: null });
  });

  it.each([
    [{ retention: { sign_ins: 6 } }, '/retention/sign_ins'],
    [{ retention: { sign_ins: 3651 } }, '/retention/sign_ins'],
    [{ retention: { sign_ins: 7.5 } }, '/retention/sign_ins'],
    [{ retention: { sign_ins: '30' } }, '/retention/sign_ins'],
    [{ retention: { audit_log: 30 } }, '/retention/audit_log'],
    [{ retention: null }, '/retention'],
    [{ branding: { accentColour: 'red' } }, '/branding/accentColour'],
    [{ branding: { logoUrl: 'http://north.example/logo.png' } }, '/branding/logoUrl'],
    [{ branding: { logoUrl: 'https://north.example/"onerror="x' } }, '/branding/logoUrl'],
    [{ branding: { logoUrl: 'https://user@north.example/' } }, '/branding/logoUrl'],
    [{ branding: { displayName: 'North\r\nBcc: all' } }, '/branding/displayName'],
    [{ branding: { mailFooter: 'a\u0000b' } }, '/branding/mailFooter'],
    [{ branding: { colour: '#123456' } }, '/branding/colour'],
    [{ currency: 'USD' }, '/currency'],
  ])('refuse %j', async (body, pointer) => {
    const answer = await change(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
  });

  it('are changed by nobody who saw others', async () => {
    const { version } = await read();
    await change({ retention: { sign_ins: 31 } }, { 'if-match': `"${version}"` });
    expect((await change({ retention: { sign_ins: 32 } }, { 'if-match': `"${version}"` })).status).toBe(412);
  });

  it('leave who changed them from what to what on record', async () => {
    await change({ retention: { sign_ins: 41 } });
    await change({ retention: { sign_ins: 42 } });
    const { rows } = await slice.superuser.query(
      `select actor_id, before->'retention'->'sign_ins' as before, after->'retention'->'sign_ins' as after
         from audit_log where entity = 'tenants' and entity_id = $1 order by at desc limit 1`,
      [TENANT],
    );
    expect(rows).toEqual([{ actor_id: keeper.userId, before: 41, after: 42 }]);
  });

  it('have a currency, which a replacement that names none leaves alone', async () => {
    const url = '/api/v1/tenants/current';
    const by = { token: keeper.token };
    expect((await slice.http('PATCH', url, { ...by, body: { currency: 'JPY' } })).body.currency).toBe('JPY');
    expect((await slice.http('PUT', url, { ...by, body: { title: 'North' } })).body.currency).toBe('JPY');
    expect((await slice.http('PATCH', url, { ...by, body: { currency: 'XXY' } })).status).toBe(400);
    expect((await read()).currency).toBe('JPY');
  });

  it('are seen in the mails that the machine writes', async () => {
    const tenantId = await aTenant(slice, 'branded');
    await anAccount(slice, tenantId, 'ada@branded.example');
    const { token } = await signIn(slice, { tenantId, grants: ['tenants:manage'] });
    const forgot = async () => {
      await slice.http('POST', '/api/v1/auth/password/forgot', { body: { email: 'ada@branded.example' } });
      const { rows } = await slice.superuser.query<{ sender: { name?: string }; text: string; html: string | null }>(
        'select sender, text, html from messages where tenant_id = $1 order by created_at desc, id desc limit 1',
        [tenantId],
      );
      return rows[0]!;
    };
    const plain = await forgot();
    expect([plain.html, plain.text.includes('\n-- \n')]).toEqual([null, false]);
    await slice.http('PATCH', URL, { token, body: { branding: BRANDING } });
    const { sender, text, html } = await forgot();
    expect(sender.name).toBe('North Travel');
    expect(text.endsWith(`\n-- \n${BRANDING.mailFooter}\n`)).toBe(true);
    expect(html).toContain('src="https://north.example/logo.png"');
    expect(html).toContain('border-top:4px solid #1a73e8');
    expect(html).toContain('1 Harbour Street &lt;Bristol&gt;');
  });
});
