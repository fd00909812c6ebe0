import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCodeOf, type Account, anAccount, aTenant, authContexts, enrol, logIn, signIn } from '../testing.js';

const MINUTE_MS = 60_000;

describe('Showing again that it is oneself', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let ada: Account;
  let token: string;
  let count = 0;
  let tenantId: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
    tenantId = await aTenant(slice, 'north');
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    await slice.superuser.query('delete from login_throttle');
    ada = await anAccount(slice, tenantId, `ada${++count}@north.example`);
    token = (await logIn(slice, ada)).token;
  });

  const post = (path: string, body?: object, as = token) =>
    slice.http('POST', `/api/v1/auth/${path}`, { body, token: as });
  /** The route that needs it here: whoever has only a session must not set up a factor for its owner. */
  const begin = async (as = token) => {
    const { status, body } = await post('mfa/totp', undefined, as);
    return status === 201 ? 201 : `${status} ${body.code}`;
  };
  // access tokens live a quarter of an hour: the session gets another
  const later = async (minutes: number): Promise<void> => {
    const { refreshToken } = await logIn(slice, ada);
    clock.advance(minutes * MINUTE_MS);
    token = (await post('refresh', { refreshToken })).body.token;
  };

  it('is not needed for ten minutes after a login', async () => {
    expect(await begin()).toBe(201);
    clock.advance(10 * MINUTE_MS - 1);
    expect(await begin()).toBe(201);
    clock.advance(1);
    const refused = await post('mfa/totp');
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'step_up_required', maxAgeSeconds: 600 });
  });

  it('is done with the password by somebody who has no second factor, and counts for ten minutes', async () => {
    await later(60);
    expect(await begin()).toBe('403 step_up_required');
    const wrong = await post('step-up', { password: 'not hers' });
    expect([wrong.status, wrong.body.code, wrong.body.errors[0].pointer]).toEqual([400, 'wrong_password', '/password']);
    expect(await begin()).toBe('403 step_up_required');
    const { status, body } = await post('step-up', { password: ada.password });
    expect([status, body]).toEqual([200, { provenUntil: new Date(clock.now().getTime() + 600_000).toISOString() }]);
    expect(await begin()).toBe(201);
    clock.advance(10 * MINUTE_MS);
    expect(await begin()).toBe('403 step_up_required');
  });

  it('counts for the one session, and not for the others of the same person', async () => {
    const { refreshToken } = await logIn(slice, ada);
    await later(60);
    const other = (await post('refresh', { refreshToken })).body.token;
    expect((await post('step-up', { password: ada.password })).status).toBe(200);
    expect([await begin(token), await begin(other)]).toEqual([201, '403 step_up_required']);
  });

  describe('with a second factor', () => {
    const sessions = () =>
      slice.superuser.query('select proven_at from sessions where user_id = $1 and revoked_at is null', [ada.id]);
    const proven = async (): Promise<boolean> =>
      (await sessions()).rows.some(
        ({ proven_at: at }) => at !== null && clock.now().getTime() - at.getTime() < 600_000,
      );

    it('takes a code, once, or a recovery code, and the password no longer', async () => {
      const { secret, recoveryCodes } = await enrol(slice, token);
      clock.advance(11 * MINUTE_MS);
      expect(await proven()).toBe(false);
      const byPassword = await post('step-up', { password: ada.password });
      expect([byPassword.status, byPassword.body.code]).toEqual([422, 'mfa_code_needed']);
      const code = aCodeOf(secret, clock.now());
      expect((await post('step-up', { code })).status).toBe(200);
      expect(await proven()).toBe(true);
      const again = await post('step-up', { code });
      expect([again.status, again.body.code]).toEqual([400, 'mfa_code_refused']);
      expect((await post('step-up', { recoveryCode: recoveryCodes[0] })).status).toBe(200);
      expect((await post('step-up', { recoveryCode: recoveryCodes[0] })).body.code).toBe('mfa_code_refused');
    });

    it('is still to be done after a new password, which is half of what it takes', async () => {
      await enrol(slice, token);
      const changed = { currentPassword: ada.password, newPassword: 'eight brown bottles' };
      token = (await post('password/change', changed)).body.token;
      expect(await proven()).toBe(false);
    });
  });

  it('is nothing a service token can do', async () => {
    const { token: admin } = await signIn(slice, { tenantId, grants: ['service-tokens:manage', 'users:read'] });
    const body = { name: `robot ${count}`, grants: ['users:read'] };
    const { key } = (await slice.http('POST', '/api/v1/service-tokens', { token: admin, body })).body;
    const asRobot = (path: string, given?: object) =>
      slice.http('POST', `/api/v1/auth/${path}`, { headers: { 'x-api-key': key as string }, body: given });
    expect((await asRobot('mfa/totp')).body.code).toBe('step_up_required');
    expect((await asRobot('step-up', { password: 'whose?' })).body.code).toBe('users_only');
  });

  it('is in the trail, with the factor', async () => {
    await post('step-up', { password: 'not hers' });
    await post('step-up', { password: ada.password });
    const { rows } = await slice.superuser.query(
      `select action, after->>'factor' as factor from audit_log where entity = 'users' and entity_id = $1
       and action in ('stepped_up', 'factor_refused') order by id`,
      [ada.id],
    );
    expect(rows).toEqual([
      { action: 'factor_refused', factor: 'password' },
      { action: 'stepped_up', factor: 'password' },
    ]);
  });
});
