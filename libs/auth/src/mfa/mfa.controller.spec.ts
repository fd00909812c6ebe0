import { FixedClock } from '@app/kernel';
import { runAs } from '@app/platform';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
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
import { SecondFactor, type Proof } from './second-factor.js';

const STEP_MS = 30_000;

describe('The second factor', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let tenantId: string;
  let ada: Account;
  let token: string;
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
  });

  const post = (path: string, body?: object, as = token) =>
    slice.http('POST', `/api/v1/auth/mfa/${path}`, { body, token: as });
  const mine = async () => (await slice.http('GET', '/api/v1/auth/mfa', { token })).body;
  const alive = async (as: string) => (await slice.http('GET', '/api/v1/auth/me', { token: as })).status;
  const rows = async (sql: string, values: unknown[] = []) => (await slice.superuser.query(sql, values)).rows;
  const codeOf = ({ secret }: Pick<Enrolled, 'secret'>, steps = 0): string =>
    aCodeOf(secret, new Date(clock.now().getTime() + steps * STEP_MS));
  const accept = (proof: Proof) =>
    runAs(anActor([], { id: ada.id, tenantId }), 'test', () =>
      slice.db.transaction(() => slice.get(SecondFactor).accept(ada.id, proof)),
    );

  describe('when it is set up', () => {
    it('shows its secret once, and is in force when a code of it comes back', async () => {
      const begun = await post('totp');
      expect(begun.status).toBe(201);
      expect(begun.body.uri).toContain(`secret=${begun.body.secret}`);
      expect(await mine()).toEqual({
        isEnrolled: false,
        isRequired: false,
        confirmedAt: null,
        recoveryCodesLeft: 0,
        methods: [],
      });
      const confirmed = await post('totp/confirm', { code: codeOf(begun.body) });
      expect(confirmed.status).toBe(200);
      expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
      expect(await mine()).toEqual({
        isEnrolled: true,
        isRequired: false,
        confirmedAt: clock.now().toISOString(),
        recoveryCodesLeft: 10,
        methods: ['totp', 'recovery_code'],
      });
    });

    it('takes codes as authenticators show them', async () => {
      const { body } = await post('totp');
      const code = codeOf(body);
      expect((await post('totp/confirm', { code: `${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(200);
    });

    it('refuses a wrong code, one of long ago, and what is no code', async () => {
      expect((await post('totp/confirm', { code: '123456' })).body.code).toBe('mfa_not_enrolled');
      const { body } = await post('totp');
      const right = codeOf(body);
      const wrong = right === '000000' ? '000001' : '000000';
      for (const code of [wrong, codeOf(body, -2), codeOf(body, 2)]) {
        const refused = await post('totp/confirm', { code });
        expect([refused.status, refused.body.code]).toEqual([400, 'mfa_code_refused']);
      }
      expect((await post('totp/confirm', { code: 'abcdef' })).body.errors[0].pointer).toBe('/code');
      expect((await mine()).isEnrolled).toBe(false);
      expect((await post('totp/confirm', { code: right })).status).toBe(200);
    });

    it('can be begun again until it is confirmed, which voids the former secret', async () => {
      const first = (await post('totp')).body;
      const second = (await post('totp')).body;
      expect((await post('totp/confirm', { code: codeOf(first) })).body.code).toBe('mfa_code_refused');
      expect((await post('totp/confirm', { code: codeOf(second) })).status).toBe(200);
      for (const again of [await post('totp'), await post('totp/confirm', { code: codeOf(second, 1) })])
        expect([again.status, again.body.code]).toEqual([409, 'mfa_already_enrolled']);
    });

    it('leaves one factor of twenty that are begun at once, and one confirmation of twenty', async () => {
      const begun = await Promise.all(Array.from({ length: 20 }, () => post('totp')));
      const codes = begun.filter(({ status }) => status === 201).map(({ body }) => codeOf(body));
      expect(codes.length).toBeGreaterThan(0);
      const last = await post('totp');
      const code = codeOf(last.body);
      const confirmed = await Promise.all(Array.from({ length: 20 }, () => post('totp/confirm', { code })));
      expect(confirmed.filter(({ status }) => status === 200)).toHaveLength(1);
      expect((await mine()).recoveryCodesLeft).toBe(10);
    });

    it('ends every other session of its owner: the password alone had opened them', async () => {
      const other = (await logIn(slice, ada)).token;
      expect(await alive(other)).toBe(200);
      await enrol(slice, token);
      expect([await alive(other), await alive(token)]).toEqual([401, 200]);
    });

    it('is not for service tokens', async () => {
      const { token: admin } = await signIn(slice, { grants: ['service-tokens:manage', 'users:read'] });
      const made = await slice.http('POST', '/api/v1/service-tokens', {
        token: admin,
        body: { name: 'robot', grants: ['users:read'] },
      });
      const headers = { 'x-api-key': made.body.key as string };
      expect((await slice.http('GET', '/api/v1/auth/mfa', { headers })).body.code).toBe('users_only');
    });
  });

  describe('at rest', () => {
    it('is sealed, its recovery codes are hashes, and the audit trail has neither', async () => {
      const { secret, recoveryCodes } = await enrol(slice, token);
      const factor = await rows('select * from totp_factors where id = $1', [ada.id]);
      const codes = await rows('select * from recovery_codes where user_id = $1', [ada.id]);
      const trail = await rows(`select * from audit_log where entity in ('totp_factors', 'recovery_codes', 'users')`);
      expect(codes).toHaveLength(10);
      expect(trail.filter(({ entity }) => entity === 'totp_factors').length).toBeGreaterThan(1);
      const dump = JSON.stringify([factor, codes, trail]);
      for (const told of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
        expect(dump).not.toContain(told);
      expect(JSON.stringify(trail)).not.toContain(factor[0].secret);
    });

    it('is worth nothing in the row of somebody else', async () => {
      await enrol(slice, token);
      const bob = await anAccount(slice, tenantId, `bob${count}@north.example`);
      const { secret } = await enrol(slice, (await logIn(slice, bob)).token);
      clock.advance(STEP_MS);
      await slice.superuser.query(`set app.actor_id = '${ada.id}'`);
      await slice.superuser.query(
        'update totp_factors set secret = (select secret from totp_factors where id = $2) where id = $1',
        [ada.id, bob.id],
      );
      await expect(accept({ code: codeOf({ secret }) })).rejects.toThrow(/belongs elsewhere/);
    });

    it('is sealed anew by its next use after the encryption key has changed', async () => {
      const enrolled = await enrol(slice, token);
      const keys = {
        ENCRYPTION_KEY: 'a1'.repeat(32),
        ENCRYPTION_KEYS_RETIRED: slice.config.ENCRYPTION_KEY.toString('hex'),
      };
      const rotated = await bootSlice({ contexts: authContexts, clock, beside: slice, env: keys });
      const sealed = async (): Promise<string> =>
        (await rows('select secret from totp_factors where id = $1', [ada.id]))[0].secret;
      const take = (code: string) =>
        rotated.as(anActor([], { id: ada.id, tenantId }), () =>
          rotated.db.transaction(() => rotated.get(SecondFactor).accept(ada.id, { code })),
        );
      const before = await sealed();
      clock.advance(STEP_MS);
      expect(await take(codeOf(enrolled))).toBe('totp');
      const after = await sealed();
      expect(after.split('.')[1]).not.toBe(before.split('.')[1]);
      clock.advance(STEP_MS);
      expect(await take(codeOf(enrolled))).toBe('totp');
      expect(await sealed()).toBe(after);
      await rotated.close();
    });

    it('is never stored unsealed: the database refuses it', async () => {
      await slice.superuser.query(`set app.actor_id = '${ada.id}'`);
      await expect(
        slice.superuser.query(`insert into totp_factors (tenant_id, id, secret) values ($1, $2, 'JBSWY3DPEHPK3PXP')`, [
          tenantId,
          ada.id,
        ]),
      ).rejects.toThrow(/totp_factors_secret_is_sealed/);
    });
  });

  describe('whose code', () => {
    it('counts once: neither again nor after a later one', async () => {
      const enrolled = await enrol(slice, token);
      expect(await accept({ code: codeOf(enrolled) })).toBeUndefined(); // it confirmed the factor
      expect(await accept({ code: codeOf(enrolled, 1) })).toBe('totp');
      expect(await accept({ code: codeOf(enrolled, 1) })).toBeUndefined();
      clock.advance(3 * STEP_MS);
      expect(await accept({ code: codeOf(enrolled) })).toBe('totp');
      expect(await accept({ code: codeOf(enrolled, -1) })).toBeUndefined();
    });

    it('is taken by one of twenty who show it at once', async () => {
      const enrolled = await enrol(slice, token);
      clock.advance(STEP_MS);
      const code = codeOf(enrolled);
      const all = await Promise.all(Array.from({ length: 20 }, () => accept({ code })));
      expect(all.filter(Boolean)).toEqual(['totp']);
    });

    it('is lost with its device and replaced by recovery codes, each once, however it is typed', async () => {
      const { recoveryCodes } = await enrol(slice, token);
      const [first = '', second = ''] = recoveryCodes;
      expect(await accept({ recoveryCode: first })).toBe('recovery_code');
      expect(await accept({ recoveryCode: first })).toBeUndefined();
      expect(await accept({ recoveryCode: 'aaaa-aaaa-aaaa-aaaa' })).toBeUndefined();
      const typed = ` ${second.toUpperCase().replaceAll('-', ' ')}`;
      const all = await Promise.all(Array.from({ length: 20 }, () => accept({ recoveryCode: typed })));
      expect(all.filter(Boolean)).toEqual(['recovery_code']);
      expect((await mine()).recoveryCodesLeft).toBe(8);
    });
  });

  describe('when it is removed', () => {
    it('needs a fresh code or a recovery code: with the password alone a stolen session would be rid of it', async () => {
      const enrolled = await enrol(slice, token);
      for (const [body, code] of [
        [{}, 'validation_failed'],
        [{ code: codeOf(enrolled) }, 'mfa_code_refused'], // used up by the confirmation
        [{ recoveryCode: 'aaaa-aaaa-aaaa-aaaa' }, 'mfa_code_refused'],
      ] as const) {
        const refused = await post('totp/remove', body);
        expect([refused.status, refused.body.code]).toEqual([400, code]);
      }
      for (const password of [ada.password, 'not hers']) {
        const refused = await post('totp/remove', { password, code: codeOf(enrolled, 1) });
        expect([refused.status, refused.body.code]).toEqual([422, 'mfa_code_needed']);
      }
      expect((await mine()).isEnrolled).toBe(true);
      expect((await post('totp/remove', { code: codeOf(enrolled, 1) })).status).toBe(204);
      expect(await mine()).toMatchObject({ isEnrolled: false, recoveryCodesLeft: 0 });
      expect((await post('totp/remove', { code: codeOf(enrolled, 1) })).body.code).toBe('mfa_not_enrolled');
    });

    it('is gone with all of its codes, and may be set up anew', async () => {
      const former = await enrol(slice, token);
      expect((await post('totp/remove', { recoveryCode: former.recoveryCodes[2] })).status).toBe(204);
      expect(await accept({ recoveryCode: former.recoveryCodes[0] })).toBeUndefined();
      const next = await enrol(slice, token);
      clock.advance(STEP_MS);
      expect(await accept({ recoveryCode: former.recoveryCodes[1] })).toBeUndefined();
      expect(await accept({ code: codeOf(former) })).toBeUndefined();
      expect(await accept({ code: codeOf(next) })).toBe('totp');
      expect((await post('totp/remove', { recoveryCode: next.recoveryCodes[0] })).status).toBe(204);
    });

    it('slows guessing down as logins are slowed down', async () => {
      const enrolled = await enrol(slice, token);
      const wrong = ['000000', '000001', '000002', '000003'].find(
        (one) => ![-1, 0, 1].map((n) => codeOf(enrolled, n)).includes(one),
      );
      for (let n = 0; n < 5; n++) expect((await post('totp/remove', { code: wrong })).status).toBe(400);
      const held = await post('totp/remove', { code: codeOf(enrolled, 1) });
      expect([held.status, held.body.code, held.headers['retry-after']]).toEqual([429, 'login_delayed', '1']);
      clock.advance(1000);
      expect((await post('totp/remove', { code: codeOf(enrolled, 1) })).status).toBe(204);
      const told = await rows(
        `select after from audit_log where entity = 'users' and entity_id = $1 and action = 'factor_refused'`,
        [ada.id],
      );
      expect(told).toHaveLength(5);
      expect(told[0].after).toMatchObject({ factor: 'totp', ip: '127.0.0.1' });
    });
  });
});
