import { FixedClock } from '@app/kernel';
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
  untilSomebodyWaits,
} from '../testing.js';

const STEP_MS = 30_000;
const AUTH = '/api/v1/auth';

describe('Somebody with a second factor', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let tenantId: string;
  let ada: Account;
  let token: string;
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
    token = (await logIn(slice, ada)).token;
    enrolled = await enrol(slice, token);
    clock.advance(STEP_MS);
  });

  const post = (path: string, body?: object, as?: string) => slice.http('POST', `${AUTH}/${path}`, { body, token: as });
  const rows = async (sql: string, values: unknown[] = []) => (await slice.superuser.query(sql, values)).rows;
  const code = (): string => aCodeOf(enrolled.secret, clock.now());
  const login = () => post('login', { email: ada.email, password: ada.password });
  const notices = async (): Promise<string[]> =>
    (
      await rows(`select about_kind as kind from messages where recipients::text like $1 order by id`, [
        `%${ada.email}%`,
      ])
    ).map(({ kind }) => kind);

  describe('who lost it', () => {
    const reset = (as: string, id = ada.id) => slice.http('DELETE', `/api/v1/users/${id}/mfa`, { token: as });
    const anAdmin = (grants: string[] = ['users:reset-mfa']) => signIn(slice, { tenantId, grants });

    it('begins again after somebody else reset it: every session ends, and the trail and a mail tell', async () => {
      const begun = (await login()).body.mfaToken;
      const admin = await anAdmin();
      expect((await reset(admin.token)).status).toBe(204);
      expect((await slice.http('GET', `${AUTH}/me`, { token })).status).toBe(401);
      expect((await post('login/mfa', { mfaToken: begun, code: code() })).body.code).toBe('mfa_challenge_over');
      const { body } = await login();
      expect(body.user.id).toBe(ada.id);
      expect((await slice.http('GET', `${AUTH}/mfa`, { token: body.token })).body).toMatchObject({
        isEnrolled: false,
        recoveryCodesLeft: 0,
      });
      const told = await rows(
        `select actor_id from audit_log where entity = 'users' and entity_id = $1 and action = 'factor_reset' and after ? 'factors'`,
        [ada.id],
      );
      expect(told).toEqual([{ actor_id: admin.userId }]);
      expect(await notices()).toEqual(['auth.factor-added', 'auth.factor-reset']);
      const again = await reset(admin.token);
      expect([again.status, again.body.code]).toEqual([404, 'mfa_not_enrolled']);
    });

    it('is not helped by those who may not, may less than they, stand elsewhere, or proved nothing of late', async () => {
      const stranger = await signIn(slice, { grants: ['users:reset-mfa'] });
      const late = await anAdmin();
      await rows(`update sessions set proven_at = proven_at - interval '10 minutes' where id = $1`, [late.sessionId]);
      const above = await signIn(slice, { tenantId, grants: ['roles:manage'] });
      await rows(`select set_config('app.actor_id', $1, false)`, [ada.id]);
      await rows(
        'insert into user_roles (tenant_id, user_id, role_id) select tenant_id, $1, role_id from user_roles where user_id = $2',
        [ada.id, above.userId],
      );
      const outcomes = [];
      for (const { token: as } of [await anAdmin(['users:update']), stranger, late, await anAdmin()]) {
        const { status, body } = await reset(as);
        outcomes.push(`${status} ${body.code}`);
      }
      expect(outcomes).toEqual([
        '403 permission_missing',
        '404 not_found',
        '403 step_up_required',
        '403 exceeds_own_grants',
      ]);
      expect((await login()).body.mfaRequired).toBe(true);
    });

    it('does not reset it in a session of their own: that takes a code', async () => {
      const admin = await anAdmin();
      const own = await reset(admin.token, admin.userId);
      expect([own.status, own.body.code]).toEqual([422, 'mfa_own_reset']);
    });
  });

  describe('who asks for other recovery codes', () => {
    const reissue = (as = token) => post('mfa/recovery-codes', undefined, as);
    const use = async (recoveryCode: string): Promise<number> =>
      (await post('login/mfa', { mfaToken: (await login()).body.mfaToken, recoveryCode })).status;

    it('gets ten, and the former ones are worth nothing', async () => {
      const { status, body } = await reissue();
      expect([status, new Set(body.recoveryCodes).size]).toEqual([200, 10]);
      expect(await use(enrolled.recoveryCodes[0] ?? '')).toBe(401);
      expect(await use(body.recoveryCodes[0])).toBe(200);
      expect(await notices()).toEqual(['auth.factor-added', 'auth.recovery-codes-reissued', 'auth.recovery-code-used']);
    });

    it('shows first that it is them, and has a second factor', async () => {
      clock.advance(600_000);
      expect((await reissue()).body.code).toBe('step_up_required');
      expect((await post('step-up', { code: code() }, token)).status).toBe(200);
      expect((await reissue()).status).toBe(200);
      const bob = await anAccount(slice, tenantId, `bob${count}@north.example`);
      const none = await reissue((await logIn(slice, bob)).token);
      expect([none.status, none.body.code]).toEqual([404, 'mfa_not_enrolled']);
    });

    it('has ten that count, however often it was asked at once', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => reissue()));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      const left = await rows('select 1 from recovery_codes where user_id = $1', [ada.id]);
      expect(left).toHaveLength(10);
    });
  });

  it('is told by mail when it is set up, used up a recovery code, and is gone; no mail holds a secret', async () => {
    const recoveryCode = enrolled.recoveryCodes[3];
    expect((await post('step-up', { recoveryCode }, token)).status).toBe(200);
    expect((await post('mfa/totp/remove', { code: code() }, token)).status).toBe(204);
    expect(await notices()).toEqual(['auth.factor-added', 'auth.recovery-code-used', 'auth.factor-removed']);
    const mails = JSON.stringify(await rows('select * from messages'));
    for (const secret of [enrolled.secret, ...enrolled.recoveryCodes]) expect(mails).not.toContain(secret);
  });

  it('is told once a day, and no more, that somebody with the password guesses codes', async () => {
    const guess = async (): Promise<void> => {
      await post('login', { email: ada.email, password: ada.password, otp: 'wrong' });
      await slice.superuser.query(`update login_throttle set last_at = last_at - interval '2 minutes'`);
    };
    for (let n = 0; n < 4; n++) await guess();
    expect(await notices()).toEqual(['auth.factor-added']);
    for (let n = 0; n < 4; n++) await guess();
    expect(await notices()).toEqual(['auth.factor-added', 'auth.codes-refused']);
  });

  it('is not told of a recovery code that let nobody in', async () => {
    const mfaToken = (await login()).body.mfaToken;
    await post('login/mfa', { mfaToken, recoveryCode: 'aaaa-aaaa-aaaa-aaaa' });
    expect(await notices()).toEqual(['auth.factor-added']);
  });
});

describe('A login on its way', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let tenantId: string;
  let ada: Account;
  let count = 0;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
    tenantId = await aTenant(slice, 'north');
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    ada = await anAccount(slice, tenantId, `ada${++count}@north.example`);
  });

  const post = (path: string, body?: object, as?: string) => slice.http('POST', `${AUTH}/${path}`, { body, token: as });
  const alive = async (as: string) => (await slice.http('GET', `${AUTH}/me`, { token: as })).status;

  /** A login that has seen the right password and stands before the row of its session while `meanwhile` is under way. */
  async function loginWhile(meanwhile: () => Promise<unknown>) {
    await slice.superuser.query('begin; lock table known_devices in share row exclusive mode');
    const login = logIn(slice, ada);
    await untilSomebodyWaits(slice);
    const other = meanwhile();
    await Promise.race([other, untilSomebodyWaits(slice, 2).catch(() => undefined)]);
    await slice.superuser.query('commit');
    await other;
    return login;
  }

  it('does not outlive the second factor that is confirmed meanwhile', async () => {
    const { token } = await logIn(slice, ada);
    const login = await loginWhile(() => enrol(slice, token));
    expect(login.token === undefined ? 401 : await alive(login.token)).toBe(401);
    expect(await alive(token)).toBe(200);
  });

  it('does not outlive the password that is replaced meanwhile', async () => {
    await post('password/forgot', { email: ada.email });
    const { rows } = await slice.superuser.query('select text from messages where recipients::text like $1', [
      `%${ada.email}%`,
    ]);
    const token = /^ {4}(\S+)$/m.exec(rows[0].text as string)?.[1];
    const login = await loginWhile(() => post('password/reset', { token, password: 'eight brown bottles' }));
    expect(login.token === undefined ? 401 : await alive(login.token)).toBe(401);
  });
});
