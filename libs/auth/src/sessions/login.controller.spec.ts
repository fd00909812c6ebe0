import { hash } from '@node-rs/argon2';
import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Account, anAccount, aTenant, authContexts, logIn } from '../testing.js';

const LOGIN = '/api/v1/auth/login';

describe('Logging in', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let ada: Account;
  let twin: Account;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
    const [north, south] = [await aTenant(slice, 'north'), await aTenant(slice, 'south')];
    ada = await anAccount(slice, north, 'ada@north.example', ['CSO']);
    twin = await anAccount(slice, north, 'twin@both.example');
    await anAccount(slice, south, 'twin@both.example');
  });
  afterAll(() => slice?.close());
  beforeEach(() => slice.superuser.query('delete from login_throttle'));

  const attempt = (body: object, remoteAddress = '203.0.113.7') =>
    slice.app.inject({ method: 'POST', url: LOGIN, payload: body, remoteAddress });
  const wrong = (over: object = {}) => ({ email: ada.email, password: 'not her password', ...over });

  it('answers both names of the access token, the refresh token and the user', async () => {
    const { status, body } = await slice.http('POST', LOGIN, { body: { email: ada.email, password: ada.password } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token: body.accessToken,
      tokenType: 'Bearer',
      expiresIn: 900,
      user: { id: ada.id, email: ada.email },
    });
    expect(body.user.roles).toEqual([{ id: expect.any(String), name: 'CSO' }]);
    expect(JSON.stringify(body)).not.toContain('argon2');
  });

  it.each([
    { email: 'ADA@north.example ' },
    { username: 'ada' },
    { identifier: 'Ada' },
    { identifier: 'ada@north.example' },
    { email: 'ada' },
  ])('takes the name as %o', async (name) => {
    expect((await attempt({ ...name, password: ada.password })).statusCode).toBe(200);
  });

  it('works on every protected route in both wire forms, and in no other', async () => {
    const { token } = await logIn(slice, ada);
    const me = async (headers: Record<string, string>) =>
      (await slice.http('GET', '/api/v1/auth/me', { headers })).status;
    expect(await me({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await me({ authorization: token })).toBe(200);
    expect(await me({ authorization: `Basic ${token}` })).toBe(401);
    expect(await me({ 'x-api-key': token })).toBe(401);
    expect(await me({})).toBe(401);
  });

  it('says 400 for a body that names nobody, or something unknown', async () => {
    expect((await attempt({ password: 'x' })).statusCode).toBe(400);
    expect((await attempt({ email: 'a', password: 'x', role: 'admin' })).statusCode).toBe(400);
    expect((await attempt({ email: { $ne: null }, password: 'x' })).statusCode).toBe(400);
  });

  it('gives an unknown name, a wrong password, a deactivated user and a user without password one answer', async () => {
    const gone = await anAccount(slice, ada.tenantId, 'gone@north.example');
    const blank = await anAccount(slice, ada.tenantId, 'blank@north.example');
    await slice.superuser.query(`set app.actor_id = '${ada.id}'`);
    await slice.superuser.query(`update users set status = 'deactivated' where id = $1`, [gone.id]);
    await slice.superuser.query('update users set password_hash = null where id = $1', [blank.id]);
    const answers = [
      await attempt({ email: 'nobody@north.example', password: 'x' }),
      await attempt(wrong()),
      await attempt({ email: gone.email, password: gone.password }),
      await attempt({ email: blank.email, password: blank.password }),
      await attempt({ email: blank.email, password: 'nobody has this password' }),
    ];
    const shapes = answers.map((answer) => ({ ...answer.json<object>(), requestId: '', status: answer.statusCode }));
    expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(1);
    expect(shapes[0]).toMatchObject({ status: 401, code: 'login_refused' });
  });

  it('hashes for an unknown name as it does for a known one', async () => {
    const time = async (email: string): Promise<number> => {
      await slice.superuser.query('delete from login_throttle');
      const start = performance.now();
      await attempt({ email, password: 'not the password' });
      return performance.now() - start;
    };
    // in turn, and the best of each: what else the machine does only ever adds
    let [known, unknown] = [Infinity, Infinity];
    for (let n = 0; n < 20; n++) {
      known = Math.min(known, await time(ada.email));
      unknown = Math.min(unknown, await time('nobody@north.example'));
    }
    expect(known / unknown).toBeGreaterThan(0.6);
    expect(known / unknown).toBeLessThan(1.67);
  });

  it('replaces a hash made with weaker parameters', async () => {
    const weak = await hash(ada.password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await slice.superuser.query(`set app.actor_id = '${ada.id}'`);
    await slice.superuser.query('update users set password_hash = $1 where id = $2', [weak, ada.id]);
    expect((await logIn(slice, ada)).status).toBe(200);
    const { rows } = await slice.superuser.query('select password_hash from users where id = $1', [ada.id]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await logIn(slice, ada)).status).toBe(200);
  });

  describe('with a name that two tenants know', () => {
    it('asks which tenant, but only somebody with a right password', async () => {
      const right = await attempt({ email: twin.email, password: twin.password });
      expect([right.statusCode, right.json().code]).toEqual([400, 'tenant_required']);
      const guess = await attempt({ email: twin.email, password: 'a guess at it' });
      expect([guess.statusCode, guess.json().code]).toEqual([401, 'login_refused']);
    });

    it('enters the one that is named', async () => {
      const entered = await attempt({ email: twin.email, password: twin.password, tenant: 'north' });
      expect(entered.json().user.id).toBe(twin.id);
      expect((await attempt({ email: twin.email, password: twin.password, tenant: 'west' })).statusCode).toBe(401);
    });
  });

  describe('after failures', () => {
    const fail = async (times: number, from: string, over: object = {}): Promise<void> => {
      for (let n = 0; n < times; n++) await attempt(wrong(over), from);
    };

    it('asks one place to wait longer and longer, whether the name exists or not', async () => {
      for (const name of [ada.email, 'nobody@north.example']) {
        await fail(5, '198.51.100.1', { email: name });
        const held = await attempt(wrong({ email: name }), '198.51.100.1');
        expect([held.statusCode, held.json().code, held.headers['retry-after']]).toEqual([429, 'login_delayed', '1']);
      }
      clock.advance(1000);
      expect((await attempt(wrong(), '198.51.100.1')).statusCode).toBe(401);
      expect((await attempt(wrong(), '198.51.100.1')).headers['retry-after']).toBe('2');
    });

    it('does not even look at a right password while the place has to wait', async () => {
      await fail(5, '198.51.100.2');
      expect((await attempt({ email: ada.email, password: ada.password }, '198.51.100.2')).statusCode).toBe(429);
      clock.advance(60_000);
      expect((await attempt({ email: ada.email, password: ada.password }, '198.51.100.2')).statusCode).toBe(200);
    });

    it('lets her in from a network she has logged in from, however many strangers tried', async () => {
      expect((await attempt({ email: ada.email, password: ada.password }, '192.0.2.10')).statusCode).toBe(200);
      for (let n = 0; n < 8; n++) await fail(4, `198.51.100.${100 + n}`);
      expect((await attempt({ email: ada.email, password: ada.password }, '198.51.100.200')).statusCode).toBe(429);
      expect((await attempt({ email: ada.email, password: ada.password }, '192.0.2.10')).statusCode).toBe(200);
    });

    it('lets her device in from the very network of the attack', async () => {
      const { deviceToken } = (await attempt({ email: ada.email, password: ada.password }, '192.0.2.20')).json();
      await fail(6, '192.0.2.20');
      expect((await attempt({ email: ada.email, password: ada.password }, '192.0.2.20')).statusCode).toBe(429);
      expect((await attempt({ email: ada.email, password: ada.password, deviceToken }, '192.0.2.20')).statusCode).toBe(
        200,
      );
    });

    it('slows a network down that tries many names', async () => {
      for (let n = 0; n < 50; n++) await attempt({ email: `name${n}@north.example`, password: 'x' }, '198.51.100.77');
      expect((await attempt({ email: 'fresh@north.example', password: 'x' }, '198.51.100.77')).statusCode).toBe(429);
      expect((await attempt({ email: 'fresh@north.example', password: 'x' }, '198.51.100.78')).statusCode).toBe(401);
    });

    it('forgets them after a quarter of an hour', async () => {
      await fail(5, '198.51.100.3');
      clock.advance(901_000);
      await fail(1, '198.51.100.3');
      expect((await attempt(wrong(), '198.51.100.3')).statusCode).toBe(401);
    });
  });

  it('survives two hundred at once: each is let in, asked to wait or sent away, and the process answers meanwhile', async () => {
    const logins = Array.from({ length: 200 }, () =>
      attempt({ email: ada.email, password: ada.password }, '192.0.2.30'),
    );
    const start = performance.now();
    const health = await slice.app.inject({ method: 'GET', url: '/health/live' });
    expect(health.statusCode).toBe(200);
    expect(performance.now() - start).toBeLessThan(1000);
    const answers = await Promise.all(logins);
    const statuses = new Set(answers.map(({ statusCode }) => statusCode));
    expect([...statuses].filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(200);
    for (const answer of answers.filter(({ statusCode }) => statusCode === 503))
      expect(answer.headers['retry-after']).toBeDefined();
  });

  it('leaves logins and refusals in the audit trail, and no password', async () => {
    await attempt(wrong({ password: 'a very secret guess' }));
    await logIn(slice, ada);
    const { rows } = await slice.superuser.query(
      `select action, actor_id, after from audit_log where entity = 'users' and entity_id = $1 and action in ('logged_in', 'login_refused') order by id desc limit 2`,
      [ada.id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['logged_in', 'login_refused']);
    expect(rows[0].actor_id).toBe(ada.id);
    expect(rows[1].after).toMatchObject({ ip: '203.0.113.7' });
    expect(JSON.stringify(rows)).not.toContain('secret guess');
  });
});
