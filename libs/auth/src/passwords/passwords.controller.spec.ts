import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Account, anAccount, aTenant, authContexts, logIn, signIn } from '../testing.js';

const NEW = 'eight brown bottles';
const LONG = Array.from({ length: 128 }, (_, at) => String.fromCharCode(33 + ((at * at * 7) % 93))).join('');

describe('Passwords', () => {
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

  const post = (path: string, body: object, token?: string) =>
    slice.http('POST', `/api/v1/auth/password/${path}`, { body, token });
  const codes = async (): Promise<string[]> => {
    const { rows } = await slice.superuser.query(
      `select text from messages where recipients::text like $1 order by created_at, id`,
      [`%${ada.email}%`],
    );
    return rows.map(({ text }) => /^ {4}(\S+)$/m.exec(text)![1]!);
  };
  const aCode = async (): Promise<string> => {
    await post('forgot', { email: ada.email });
    return (await codes()).at(-1)!;
  };

  describe('when changed', () => {
    it('need the current one, and differ from it', async () => {
      const { token } = await logIn(slice, ada);
      const wrong = await post('change', { currentPassword: 'not it', newPassword: NEW }, token);
      expect([wrong.status, wrong.body.code]).toEqual([400, 'wrong_password']);
      const same = await post('change', { currentPassword: ada.password, newPassword: ada.password }, token);
      expect([same.status, same.body.code]).toEqual([400, 'password_unchanged']);
    });

    it('are held to the policy, and the fault is where the field is', async () => {
      const { token } = await logIn(slice, ada);
      const { status, body } = await post(
        'change',
        { currentPassword: ada.password, newPassword: 'password123' },
        token,
      );
      expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'password_too_common', '/newPassword']);
    });

    it.each(['🦊🐙🦀🦉🐢🦔🐳🐝', 'ünïcödé ßçhön', '  spaces at both ends  ', `"'; drop table users; --`, LONG])(
      'are taken to the letter: %j',
      async (newPassword) => {
        const { token } = await logIn(slice, ada);
        expect((await post('change', { currentPassword: ada.password, newPassword }, token)).status).toBe(200);
        expect((await logIn(slice, { ...ada, password: newPassword })).status).toBe(200);
        expect((await logIn(slice, { ...ada, password: [...newPassword.trim()].slice(0, -1).join('') })).status).toBe(
          401,
        );
      },
    );

    it('are refused, not cut, where they hold what cannot be kept', async () => {
      const { token } = await logIn(slice, ada);
      const change = { currentPassword: ada.password, newPassword: 'seven\u0000green bottles' };
      expect((await post('change', change, token)).status).toBe(400);
    });

    it('satisfy whoever demanded a new one; until then only that is open', async () => {
      await slice.superuser.query(`set app.actor_id = '${ada.id}'`);
      await slice.superuser.query('update users set must_change_password = true where id = $1', [ada.id]);
      const { token } = await logIn(slice, ada);
      const get = async (path: string, as: string) => slice.http('GET', `/api/v1/${path}`, { token: as });
      expect((await get('auth/me', token)).body.mustChangePassword).toBe(true);
      expect((await get('auth/sessions', token)).body.code).toBe('password_change_required');
      expect((await get('users', token)).body.code).toBe('password_change_required');
      expect((await slice.http('PUT', '/api/v1/auth/profile', { token, body: { firstName: 'X' } })).status).toBe(403);
      const changed = await post('change', { currentPassword: ada.password, newPassword: NEW }, token);
      expect((await get('auth/sessions', changed.body.token)).status).toBe(200);
    });
  });

  describe('when forgotten', () => {
    it('give known and unknown names the same answer after the same time', async () => {
      const timed = async (email: string) => {
        const start = performance.now();
        const { status, body } = await post('forgot', { email });
        return { status, body, took: performance.now() - start };
      };
      const [known, unknown] = [await timed(ada.email), await timed('nobody@north.example')];
      expect({ ...known, took: 0 }).toEqual({ ...unknown, took: 0 });
      expect(known).toMatchObject({ status: 202, body: { status: 'accepted' } });
      expect(Math.abs(known.took - unknown.took)).toBeLessThan(60);
    });

    it('are replaced with a mailed code, once, and every session ends', async () => {
      const before = await logIn(slice, ada);
      const token = await aCode();
      expect((await post('reset', { token, password: NEW })).status).toBe(204);
      expect((await slice.http('GET', '/api/v1/auth/me', { token: before.token })).status).toBe(401);
      expect((await logIn(slice, ada)).status).toBe(401);
      expect((await logIn(slice, { ...ada, password: NEW })).status).toBe(200);
      const again = await post('reset', { token, password: 'nine white bottles' });
      expect([again.status, again.body.code]).toEqual([400, 'reset_token_invalid']);
    });

    it('accept one code once even when it comes twenty times at once', async () => {
      const token = await aCode();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => post('reset', { token, password: `bottle of the ${n}th` })),
      );
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    });

    it('are not used up by a refused password', async () => {
      const token = await aCode();
      expect((await post('reset', { token, password: 'password1' })).body.code).toBe('password_too_common');
      expect((await post('reset', { token, password: NEW })).status).toBe(204);
    });

    it('forget the code after half an hour, and when another one was used', async () => {
      const first = await aCode();
      const second = await aCode();
      expect((await post('reset', { token: second, password: NEW })).status).toBe(204);
      expect((await post('reset', { token: first, password: 'nine white bottles' })).status).toBe(400);
      const late = await aCode();
      clock.advance(30 * 60_000);
      expect((await post('reset', { token: late, password: 'nine white bottles' })).status).toBe(400);
    });

    it.each(['another address', 'deactivation'])('forget the code after %s', async (what) => {
      const admin = await signIn(slice, { tenantId, grants: ['users:update', 'users:deactivate'] });
      const call = (method: 'POST' | 'PATCH', path: string, body?: object) =>
        slice.http(method, `/api/v1/users/${ada.id}${path}`, { token: admin.token, body });
      const code = await aCode();
      if (what === 'deactivation') await call('POST', '/deactivate');
      else await call('PATCH', '', { email: `other.${ada.email}` });
      await call('POST', '/activate');
      expect((await post('reset', { token: code, password: NEW })).body.code).toBe('reset_token_invalid');
      expect((await call('PATCH', '', { lastName: 'Lovelace' })).status).toBe(200);
    });

    it('keep the code while only a name changes', async () => {
      const admin = await signIn(slice, { tenantId, grants: ['users:update'] });
      const code = await aCode();
      const body = { lastName: 'Lovelace', email: ada.email.toUpperCase() };
      await slice.http('PATCH', `/api/v1/users/${ada.id}`, { token: admin.token, body });
      expect((await post('reset', { token: code, password: NEW })).status).toBe(204);
    });

    it('are mailed three codes in half an hour, no more', async () => {
      for (let n = 0; n < 5; n++) await post('forgot', { email: ada.email });
      expect(await codes()).toHaveLength(3);
    });

    it('rest as hashes; who may read messages does not see the code', async () => {
      const token = await aCode();
      const { rows } = await slice.superuser.query('select r::text as row from password_resets r');
      expect(JSON.stringify(rows)).not.toContain(token);
      const { rows: audit } = await slice.superuser.query(
        `select after::text from audit_log where entity in ('password_resets', 'messages')`,
      );
      expect(JSON.stringify(audit)).not.toContain(token);
      const { rows: mails } = await slice.superuser.query('select is_confidential from messages');
      expect(mails.every((mail) => mail.is_confidential)).toBe(true);
    });
  });
});
