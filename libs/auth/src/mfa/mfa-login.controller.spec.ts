import { FixedClock } from '@app/kernel';
import { buildDocument } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  aCodeOf,
  type Account,
  anAccount,
  aTenant,
  authContexts,
  enrol,
  type Enrolled,
  logIn,
  signIn,
} from '../testing.js';

const STEP_MS = 30_000;
const AUTH = '/api/v1/auth';

describe('A login with a second factor', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let tenantId: string;
  let ada: Account;
  let enrolled: Enrolled;
  let count = 0;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
    tenantId = await aTenant(slice, 'north');
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    await slice.superuser.query('delete from login_throttle');
    ada = await anAccount(slice, tenantId, `ada${++count}@north.example`);
    enrolled = await enrol(slice, (await logIn(slice, ada)).token);
    clock.advance(STEP_MS);
  });

  const post = (path: string, body: object, token?: string) => slice.http('POST', `${AUTH}/${path}`, { body, token });
  const password = (over: object = {}) => post('login', { email: ada.email, password: ada.password, ...over });
  const due = async (): Promise<string> => (await password()).body.mfaToken;
  const code = (steps = 0): string => aCodeOf(enrolled.secret, new Date(clock.now().getTime() + steps * STEP_MS));
  const wrong = (): string =>
    ['000000', '000001', '000002', '000003'].find((one) => ![-1, 0, 1].map(code).includes(one))!;
  const rows = async (sql: string, values: unknown[] = []) => (await slice.superuser.query(sql, values)).rows;

  it('is answered with what is still to show, and no token that opens anything', async () => {
    const { status, body } = await password();
    expect(status).toBe(200);
    expect(body).toEqual({
      mfaRequired: true,
      mfaToken: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      expiresIn: 300,
      methods: ['totp', 'recovery_code'],
    });
    const dump = JSON.stringify(await rows('select * from mfa_challenges where user_id = $1', [ada.id]));
    expect(dump).not.toContain(body.mfaToken);
  });

  it('ends with a code as any login ends, and the code is used up', async () => {
    const { status, body } = await post('login/mfa', { mfaToken: await due(), code: code() });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token: body.accessToken, tokenType: 'Bearer', user: { id: ada.id } });
    expect((await slice.http('GET', `${AUTH}/me`, { token: body.token })).status).toBe(200);
    expect((await post('refresh', { refreshToken: body.refreshToken })).status).toBe(200);
    const again = await post('login/mfa', { mfaToken: await due(), code: code() });
    expect([again.status, again.body.code]).toEqual([401, 'mfa_code_refused']);
  });

  it('takes the code along with the password', async () => {
    expect((await password({ otp: ` ${code().slice(0, 3)} ${code().slice(3)}` })).body.user.id).toBe(ada.id);
    expect((await password({ otp: enrolled.recoveryCodes[0] })).body.user.id).toBe(ada.id);
    for (const otp of [code(), enrolled.recoveryCodes[0], 'nonsense']) {
      const refused = await password({ otp });
      expect([refused.status, refused.body.code]).toEqual([401, 'mfa_code_refused']);
    }
    expect((await password({ password: 'not hers', otp: code(1) })).body.code).toBe('login_refused');
  });

  it('takes a recovery code, once', async () => {
    const [recoveryCode] = enrolled.recoveryCodes;
    const used = await post('login/mfa', { mfaToken: await due(), recoveryCode });
    expect(used.status).toBe(200);
    const left = await slice.http('GET', `${AUTH}/mfa`, { token: used.body.token });
    expect(left.body.recoveryCodesLeft).toBe(9);
    const again = await post('login/mfa', { mfaToken: await due(), recoveryCode });
    expect([again.status, again.body.code]).toEqual([401, 'mfa_code_refused']);
  });

  it('lets one in of twenty who show one code at once, however many logins they began', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, due));
    const answers = await Promise.all(tokens.map((mfaToken) => post('login/mfa', { mfaToken, code: code() })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { rows: sessions } = await slice.superuser.query(
      'select 1 from sessions where user_id = $1 and revoked_at is null and started_at = $2',
      [ada.id, clock.now()],
    );
    expect(sessions).toHaveLength(1);
  });

  it('lets one in of many who finish one login at once, each with another code', async () => {
    const mfaToken = await due();
    const proofs = enrolled.recoveryCodes.slice(0, 5).map((recoveryCode) => ({ recoveryCode }));
    const answers = await Promise.all(proofs.map((proof) => post('login/mfa', { mfaToken, ...proof })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
    const unused = await rows('select 1 from recovery_codes where user_id = $1 and used_at is null', [ada.id]);
    expect(unused).toHaveLength(9); // what a lost race showed was not used up
  });

  it('is over after five wrong codes, also when they come at once, and a right one does not help', async () => {
    const mfaToken = await due();
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('login/mfa', { mfaToken, code: wrong() })));
    expect(answers.filter(({ body }) => body.code === 'mfa_code_refused')).toHaveLength(5);
    await slice.superuser.query('delete from login_throttle');
    const late = await post('login/mfa', { mfaToken, code: code() });
    expect([late.status, late.body.code]).toEqual([401, 'mfa_challenge_over']);
    expect((await post('login/mfa', { mfaToken: await due(), code: code() })).status).toBe(200);
  });

  it('slows wrong codes down over all the logins that are begun, whatever right passwords come between', async () => {
    for (let n = 0; n < 5; n++)
      expect((await post('login/mfa', { mfaToken: await due(), code: wrong() })).body.code).toBe('mfa_code_refused');
    const held = await post('login/mfa', { mfaToken: await due(), code: code() });
    expect([held.status, held.body.code, held.headers['retry-after']]).toEqual([429, 'login_delayed', '1']);
    clock.advance(1000);
    expect((await post('login/mfa', { mfaToken: await due(), code: wrong() })).status).toBe(401);
    expect((await post('login/mfa', { mfaToken: await due(), code: wrong() })).headers['retry-after']).toBe('2');
    clock.advance(60_000);
    expect((await post('login/mfa', { mfaToken: await due(), code: code() })).status).toBe(200);
  });

  it('has five minutes, is finished once, and dies with a new password and with its owner’s account', async () => {
    const old = await due();
    clock.advance(300_000);
    expect((await post('login/mfa', { mfaToken: old, code: code() })).body.code).toBe('mfa_challenge_over');
    const used = await due();
    expect((await post('login/mfa', { mfaToken: used, code: code() })).status).toBe(200);
    expect((await post('login/mfa', { mfaToken: used, code: code(1) })).body.code).toBe('mfa_challenge_over');
    const gone = await due();
    const boss = await signIn(slice, { tenantId, grants: ['users:deactivate'] });
    const see = (way: string) => slice.http('POST', `/api/v1/users/${ada.id}/${way}`, { token: boss.token });
    expect((await see('deactivate')).status).toBe(200);
    expect((await post('login/mfa', { mfaToken: gone, code: code(1) })).body.code).toBe('mfa_challenge_over');
    expect((await see('activate')).status).toBe(200);
    expect((await post('login/mfa', { mfaToken: gone, code: code(1) })).body.code).toBe('mfa_challenge_over');
    for (const mfaToken of ['x'.repeat(43), `${'ab'.repeat(16)}`])
      expect((await post('login/mfa', { mfaToken, code: code() })).body.code).toBe('mfa_challenge_over');
  });

  it('asks for a code that could be one', async () => {
    const mfaToken = await due();
    for (const body of [
      { mfaToken },
      { mfaToken, code: '12345' },
      { mfaToken, recoveryCode: 'short' },
      { code: code() },
    ])
      expect((await post('login/mfa', body)).status).toBe(400);
    expect((await post('login/mfa', { mfaToken, code: code() })).status).toBe(200); // none of these was a try
  });

  it('cannot be skipped: what the password is worth opens no other route, in no form', async () => {
    const mfaToken = await due();
    const document = buildDocument(slice.app, { title: 't', description: 'd', version: '1', tags: [] });
    const closed = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { security?: object[] }>)
        .filter(([, { security = [] }]) => security.length > 0)
        .map(([method]) => ({ method: method.toUpperCase() as 'GET', url: path.replace(/\{\w+\}/g, ada.id) })),
    );
    expect(closed.length).toBeGreaterThan(50);
    const opened: string[] = [];
    for (const { method, url } of closed)
      for (const headers of [
        { authorization: `Bearer ${mfaToken}` },
        { authorization: mfaToken },
        { 'x-api-key': mfaToken },
      ] as Record<string, string>[]) {
        const body = method === 'GET' ? undefined : {};
        const { status } = await slice.http(method, url, { headers, body });
        if (status !== 401) opened.push(`${method} ${url} ${Object.keys(headers).join()}: ${status}`);
      }
    expect(opened).toEqual([]);
    expect((await post('refresh', { refreshToken: mfaToken })).status).toBe(401);
    expect((await post('password/reset', { token: mfaToken, password: 'eight brown bottles' })).status).toBe(400);
    expect((await post('login/mfa', { mfaToken, code: code() })).status).toBe(200);
  });

  it('cannot be skipped by a new password: a reset leaves the factor, and ends the logins that the old one began', async () => {
    const begun = await due();
    await post('password/forgot', { email: ada.email });
    const [mail] = await rows(`select text from messages where is_confidential and recipients::text like $1`, [
      `%${ada.email}%`,
    ]);
    const token = /^ {4}(\S+)$/m.exec(mail.text)![1]!;
    expect((await post('password/reset', { token, password: 'eight brown bottles' })).status).toBe(204);
    expect((await post('login/mfa', { mfaToken: begun, code: code() })).body.code).toBe('mfa_challenge_over');
    const { body } = await password({ password: 'eight brown bottles' });
    expect(body).toMatchObject({ mfaRequired: true });
    expect(body.accessToken).toBeUndefined();
    expect((await post('login/mfa', { mfaToken: body.mfaToken, code: code() })).status).toBe(200);
  });

  it('needs the password alone once the factor is removed', async () => {
    const { token } = (await post('login/mfa', { mfaToken: await due(), code: code() })).body;
    const left = await due();
    expect((await post('mfa/totp/remove', { recoveryCode: enrolled.recoveryCodes[0] }, token)).status).toBe(204);
    expect((await post('login/mfa', { mfaToken: left, code: code(1) })).status).toBe(401);
    expect((await password()).body.user.id).toBe(ada.id);
  });

  it('leaves in the trail which factor let somebody in, and which was refused', async () => {
    await post('login/mfa', { mfaToken: await due(), code: wrong() });
    await post('login/mfa', { mfaToken: await due(), code: code() });
    await post('login/mfa', { mfaToken: await due(), recoveryCode: enrolled.recoveryCodes[0] });
    await password({ password: 'not hers' });
    const told = await rows(
      `select action, after->>'factor' as factor from audit_log where entity = 'users' and entity_id = $1
       and action in ('logged_in', 'login_refused') order by id`,
      [ada.id],
    );
    expect(told.map(({ action, factor }) => `${action} ${factor}`)).toEqual([
      'logged_in password',
      'login_refused totp',
      'logged_in totp',
      'logged_in recovery_code',
      'login_refused password',
    ]);
  });
});
