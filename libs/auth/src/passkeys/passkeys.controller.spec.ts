import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { type Account, anAccount, aTenant, authContexts, enrol, logIn, signIn } from '../testing.js';
import { anotherKey, Authenticator, type Deviation } from './testing/authenticator.js';

const ORIGIN = 'https://crm.example';
const AUTH = '/api/v1/auth';

describe('A passkey', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let tenantId: string;
  let ada: Account;
  let token: string;
  let device: Authenticator;
  let count = 0;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock, env: { PUBLIC_URL: ORIGIN } });
    tenantId = await aTenant(slice, 'north');
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    await slice.superuser.query('delete from login_throttle');
    ada = await anAccount(slice, tenantId, `ada${++count}@north.example`);
    token = (await logIn(slice, ada)).token;
    device = new Authenticator(ORIGIN);
  });

  const post = (path: string, body?: object, as?: string) => slice.http('POST', `${AUTH}/${path}`, { body, token: as });
  const rows = async (sql: string, values: unknown[] = []) => (await slice.superuser.query(sql, values)).rows;
  const alive = async (as: string) => (await slice.http('GET', `${AUTH}/me`, { token: as })).status;
  const outcome = ({ status, body }: { status: number; body: { code?: string } }): string =>
    `${status} ${body.code ?? ''}`.trim();
  const asked = async (as = token): Promise<{ challenge: string }> => (await post('passkeys/options', {}, as)).body;
  const toSign = async (): Promise<{ challenge: string }> => (await post('login/passkey/options', {})).body;
  const add = async (over: Deviation = {}, as = token) =>
    post('passkeys', { name: 'My phone', credential: device.create(await asked(as), over) }, as);
  const logInBy = async (over: Deviation = {}) =>
    post('login/passkey', { credential: device.get(await toSign(), ada.id, over) });

  describe('when it is added', () => {
    it('is asked for with a PIN or finger, for this host, by a challenge of its own', async () => {
      const { body } = await post('passkeys/options', {}, token);
      expect(body.publicKey).toMatchObject({
        rp: { id: 'crm.example', name: 'north' },
        user: { id: Buffer.from(ada.id).toString('base64url'), name: ada.email },
        authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
      });
      expect(body.challenge).toMatch(/^[\w-]{43}$/);
      expect((await asked()).challenge).not.toBe(body.challenge);
    });

    it('is there, ends the other sessions, brings recovery codes, and a mail and the trail tell', async () => {
      const other = (await logIn(slice, ada)).token;
      const added = await add();
      expect([added.status, new Set(added.body.recoveryCodes).size]).toEqual([201, 10]);
      expect([await alive(other), await alive(token)]).toEqual([401, 200]);
      const { body } = await slice.http('GET', `${AUTH}/passkeys`, { token });
      expect(body.data).toEqual([
        {
          id: added.body.id,
          name: 'My phone',
          isBackedUp: false,
          lastUsedAt: null,
          createdAt: expect.any(String),
        },
      ]);
      const told = await rows(`select action from audit_log where entity = 'passkeys' and entity_id = $1`, [
        added.body.id,
      ]);
      const mails = await rows('select about_kind as kind from messages where recipients::text like $1', [
        `%${ada.email}%`,
      ]);
      expect([told.length, mails]).toEqual([1, [{ kind: 'auth.factor-added' }]]);
    });

    it.each([
      ['another origin', { origin: 'https://evil.example' }],
      ['a subdomain', { origin: 'https://x.crm.example' }],
      ['another host', { rpId: 'evil.example' }],
      ['no PIN and no finger', { isVerified: false }],
      ['what was signed for a login', { type: 'webauthn.get' }],
      ['a challenge of nobody', { challenge: 'x'.repeat(43) }],
    ] as [string, Deviation][])('is not with %s', async (_, over) => {
      expect(outcome(await add(over))).toBe('422 passkey_not_added');
      expect((await slice.http('GET', `${AUTH}/passkeys`, { token })).body.data).toEqual([]);
    });

    it('is not twice, too late, in another session, or by a challenge that was replaced', async () => {
      const credential = device.create(await asked());
      expect((await post('passkeys', { name: 'One', credential }, token)).status).toBe(201);
      expect(outcome(await post('passkeys', { name: 'Again', credential }, token))).toBe('422 passkey_not_added');
      expect(outcome(await add())).toBe('409 passkey_exists');
      device = new Authenticator(ORIGIN);
      const replaced = device.create(await asked());
      await asked();
      expect(outcome(await post('passkeys', { name: 'Old', credential: replaced }, token))).toBe(
        '422 passkey_not_added',
      );
      const bob = await anAccount(slice, tenantId, `bob${count}@north.example`);
      const theirs = (await logIn(slice, bob)).token;
      const mine = device.create(await asked());
      await asked(theirs);
      expect(outcome(await post('passkeys', { name: 'Mine', credential: mine }, theirs))).toBe('422 passkey_not_added');
      const late = device.create(await asked());
      clock.advance(300_000);
      expect(outcome(await post('passkeys', { name: 'Late', credential: late }, token))).toBe('422 passkey_not_added');
    });

    it('needs a fresh proof, also when it is removed', async () => {
      const { id } = (await add()).body;
      clock.advance(600_000);
      const removed = await slice.http('DELETE', `${AUTH}/passkeys/${id}`, { token });
      for (const answer of [await post('passkeys/options', {}, token), removed])
        expect(outcome(answer)).toBe('403 step_up_required');
    });
  });

  describe('when it is used', () => {
    it('lets its owner in without a name, a password or a code', async () => {
      await add();
      const { status, body } = await logInBy();
      expect([status, body.user.id]).toEqual([200, ada.id]);
      expect(await alive(body.token)).toBe(200);
      expect((await post('passkeys/options', {}, body.token)).status).toBe(200); // it is a proof
      const [{ factor }] = await rows(
        `select after->>'factor' as factor from audit_log where entity_id = $1 and action = 'logged_in' order by id desc`,
        [ada.id],
      );
      expect(factor).toBe('passkey');
    });

    it.each([
      ['another origin', () => ({ origin: 'https://evil.example' })],
      ['another host', () => ({ rpId: 'evil.example' })],
      ['no PIN and no finger', () => ({ isVerified: false })],
      ['the key of another', () => ({ key: anotherKey() })],
      ['the name of another', () => ({ userHandle: '01920000-0000-7000-8000-0000000000cc' })],
      ['what was signed to add it', () => ({ type: 'webauthn.create' })],
      ['a challenge of nobody', () => ({ challenge: 'x'.repeat(43) })],
    ] as [string, () => Deviation][])('lets nobody in with %s', async (_, over) => {
      await add();
      expect(outcome(await logInBy(over()))).toBe('401 passkey_refused');
    });

    it('signs each challenge once, in time, however often it comes at once', async () => {
      await add();
      const credential = device.get(await toSign(), ada.id);
      const answers = await Promise.all(Array.from({ length: 10 }, () => post('login/passkey', { credential })));
      expect(answers.map(outcome).sort()).toEqual(['200', ...Array<string>(9).fill('401 passkey_refused')]);
      const late = device.get(await toSign(), ada.id);
      clock.advance(300_000);
      expect(outcome(await post('login/passkey', { credential: late }))).toBe('401 passkey_refused');
    });

    it('is refused, on record, when its count does not grow: somebody has a copy', async () => {
      await add();
      expect((await logInBy({ signCount: 7 })).status).toBe(200);
      for (const signCount of [7, 6, 0]) expect(outcome(await logInBy({ signCount }))).toBe('401 passkey_refused');
      const told = await rows(`select 1 from audit_log where entity_id = $1 and action = 'passkey_copied'`, [ada.id]);
      expect(told).toHaveLength(3);
      expect((await logInBy({ signCount: 8 })).status).toBe(200);
    });

    it('is told apart from one with the same name in another tenant', async () => {
      await add();
      const south = await aTenant(slice, `south-${count}`);
      const eve = await anAccount(slice, south, `eve${count}@south.example`);
      const theirs = (await logIn(slice, eve)).token;
      const twin = device.twin();
      const credential = twin.create(await asked(theirs));
      expect((await post('passkeys', { name: 'Twin', credential }, theirs)).status).toBe(201);
      expect((await logInBy()).body.user.id).toBe(ada.id);
      const byTwin = await post('login/passkey', { credential: twin.get(await toSign(), ada.id) });
      expect(outcome(byTwin)).toBe('401 passkey_refused');
    });

    it('may be of a device that does not count', async () => {
      await add();
      for (let n = 0; n < 2; n++) expect((await logInBy({ signCount: 0 })).status).toBe(200);
    });

    it('is worth nothing when it is nobody’s, or its owner may not come in', async () => {
      expect(outcome(await logInBy())).toBe('401 passkey_refused');
      await add();
      await rows(`select set_config('app.actor_id', $1, false)`, [ada.id]);
      await rows(`update users set status = 'deactivated' where id = $1`, [ada.id]);
      expect(outcome(await logInBy())).toBe('401 passkey_refused');
    });

    it.each([
      {},
      { id: 'x' },
      { id: { a: 1 }, response: {} },
      { id: 'x', response: { clientDataJSON: 'bm9uc2Vuc2U', authenticatorData: 'AA', signature: 'AA' } },
      { id: 'x', response: { clientDataJSON: 1, authenticatorData: [], signature: null } },
      { id: 'x'.repeat(20_000), response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' } },
    ])('is refused as %o', async (credential) => {
      expect(outcome(await post('login/passkey', { credential }))).toBe('401 passkey_refused');
      await asked();
      expect(outcome(await post('passkeys', { name: 'x', credential }, token))).toBe('422 passkey_not_added');
    });
  });

  describe('as a fresh proof', () => {
    const stepUp = async (by: Authenticator, as = token, userId = ada.id) =>
      post('step-up/passkey', { credential: by.get(await toSign(), userId) }, as);

    it('lets in and proves in a suspended tenant too, and not in a locked one', async () => {
      await add();
      const tenants = slice.get(AuthFacade);
      try {
        await tenants.suspendTenant(tenantId);
        expect(outcome(await logInBy())).toBe('200');
        expect((await stepUp(device)).status).toBe(200);
        await tenants.lockTenant(tenantId);
        expect(outcome(await logInBy())).toBe('401 passkey_refused');
      } finally {
        await tenants.activateTenant(tenantId);
      }
    });

    it('counts for the session that shows it, for ten minutes', async () => {
      await add();
      clock.advance(600_000);
      expect(outcome(await post('passkeys/options', {}, token))).toBe('403 step_up_required');
      const { status, body } = await stepUp(device);
      expect([status, body]).toEqual([200, { provenUntil: new Date(clock.now().getTime() + 600_000).toISOString() }]);
      expect((await post('passkeys/options', {}, token)).status).toBe(200);
    });

    it('is none when it is somebody else’s, was shown before, or is nobody’s', async () => {
      await add();
      const bob = await anAccount(slice, tenantId, `bob${count}@north.example`);
      const theirs = (await logIn(slice, bob)).token;
      clock.advance(600_000);
      expect(outcome(await stepUp(device, theirs))).toBe('422 passkey_refused');
      expect(outcome(await stepUp(new Authenticator(ORIGIN)))).toBe('422 passkey_refused');
      const credential = device.get(await toSign(), ada.id, { isVerified: false });
      expect(outcome(await post('step-up/passkey', { credential }, token))).toBe('422 passkey_refused');
      const used = device.get(await toSign(), ada.id);
      expect((await post('step-up/passkey', { credential: used }, token)).status).toBe(200);
      expect(outcome(await post('step-up/passkey', { credential: used }, token))).toBe('422 passkey_refused');
      expect(outcome(await post('passkeys/options', {}, theirs))).toBe('403 step_up_required');
    });
  });

  describe('as a second factor', () => {
    const login = () => post('login', { email: ada.email, password: ada.password });

    it('is due at a login by password, which a recovery code finishes as well', async () => {
      const { recoveryCodes } = (await add()).body;
      const due = (await login()).body;
      expect(due).toMatchObject({ mfaRequired: true, methods: ['passkey', 'recovery_code'] });
      const finish = (recoveryCode: string) => post('login/mfa', { mfaToken: due.mfaToken, recoveryCode });
      expect((await finish(recoveryCodes[0])).status).toBe(200);
      expect(outcome(await post('step-up', { password: ada.password }, token))).toBe('422 mfa_code_needed');
    });

    it('stands beside codes, and keeps the recovery codes while one of the two is left', async () => {
      const { recoveryCodes } = await enrol(slice, token);
      const { id, recoveryCodes: none } = (await add()).body;
      expect(none).toEqual([]);
      expect((await login()).body.methods).toEqual(['totp', 'passkey', 'recovery_code']);
      expect((await post('mfa/totp/remove', { recoveryCode: recoveryCodes[0] }, token)).status).toBe(204);
      const mine = async () => (await slice.http('GET', `${AUTH}/mfa`, { token })).body;
      expect(await mine()).toMatchObject({ isEnrolled: true, recoveryCodesLeft: 9, confirmedAt: null });
      expect((await slice.http('DELETE', `${AUTH}/passkeys/${id}`, { token })).status).toBe(204);
      expect(await mine()).toMatchObject({ isEnrolled: false, recoveryCodesLeft: 0, methods: [] });
      expect((await login()).body.user.id).toBe(ada.id);
    });

    it('is what a role demands', async () => {
      const { token: admin } = await signIn(slice, { tenantId, grants: ['roles:manage', 'users:update'] });
      const body = { name: `Careful ${count}`, grants: [], mfaRequired: true };
      const role = (await slice.http('POST', '/api/v1/roles', { token: admin, body })).body;
      await slice.http('PUT', `/api/v1/users/${ada.id}/roles`, { token: admin, body: { roles: [role.id] } });
      expect(outcome(await slice.http('GET', `${AUTH}/sessions`, { token }))).toBe('403 mfa_enrolment_required');
      expect((await add()).status).toBe(201);
      expect((await slice.http('GET', `${AUTH}/sessions`, { token })).status).toBe(200);
    });

    it('is gone when somebody else resets the factors of its owner, and nobody removes that of another', async () => {
      const { id } = (await add()).body;
      const bob = await anAccount(slice, tenantId, `bob${count}@north.example`);
      const theirs = (await logIn(slice, bob)).token;
      expect((await slice.http('DELETE', `${AUTH}/passkeys/${id}`, { token: theirs })).status).toBe(404);
      const { token: admin } = await signIn(slice, { tenantId, grants: ['users:reset-mfa'] });
      expect((await slice.http('DELETE', `/api/v1/users/${ada.id}/mfa`, { token: admin })).status).toBe(204);
      expect(outcome(await logInBy())).toBe('401 passkey_refused');
      expect((await login()).body.user.id).toBe(ada.id);
    });
  });
});
