import { FixedClock } from '@app/kernel';
import { Metrics } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Account, anAccount, aTenant, authContexts } from '../testing.js';
import { CaptchaProvider, type Fault, SECRET } from './testing/captcha-provider.js';

const LOGIN = '/api/v1/auth/login';
const FORGOT = '/api/v1/auth/password/forgot';
const HERE = '203.0.113.7';

describe('A captcha', () => {
  const clock = new FixedClock();
  let provider: CaptchaProvider;
  let slice: Slice;
  let ada: Account;
  beforeAll(async () => {
    provider = await CaptchaProvider.start();
    slice = await bootSlice({
      contexts: authContexts,
      clock,
      env: {
        CAPTCHA_VERIFY_URL: provider.url,
        CAPTCHA_SECRET: SECRET,
        CAPTCHA_HOSTNAMES: 'crm.example.com',
        OUTBOUND_PRIVATE_NETWORKS: '127.0.0.0/8',
      },
    });
    ada = await anAccount(slice, await aTenant(slice, 'north'), 'ada@north.example');
  });
  afterAll(async () => {
    await slice?.close();
    await provider?.close();
  });
  beforeEach(async () => {
    await slice.superuser.query('delete from login_throttle');
    Object.assign(provider, { fault: undefined, hostname: 'crm.example.com' });
    provider.asked.length = 0;
  });

  const post = async (url: string, payload: object, remoteAddress = HERE) => {
    const answer = await slice.app.inject({ method: 'POST', url, payload, remoteAddress });
    return { status: answer.statusCode, body: answer.json() };
  };
  const logIn = (over: object = {}, from = HERE) =>
    post(LOGIN, { email: ada.email, password: ada.password, ...over }, from);
  const fail = async (times: number, email = ada.email, from = HERE) => {
    for (let n = 0; n < times; n++) await logIn({ email, password: 'not the password' }, from);
  };

  it('is asked of nobody before three failures', async () => {
    await fail(2);
    expect((await logIn()).status).toBe(200);
    expect(provider.asked).toEqual([]);
  });

  it.each(['ada@north.example', 'nobody@north.example'])('is asked for after three, also of %s', async (email) => {
    await fail(3, email);
    const { status, body } = await logIn({ email, password: 'not the password' });
    expect([status, body.code, body.reason]).toEqual([428, 'captcha_required', 'missing']);
    expect(body.errors).toEqual([expect.objectContaining({ pointer: '/captcha', code: 'captcha_missing' })]);
    expect(provider.asked).toEqual([]);
  });

  it('is asked for after ten failures of one address, whatever the names', async () => {
    for (let n = 0; n < 10; n++) await fail(1, `name${n}@north.example`);
    expect((await logIn({ email: 'another@north.example' })).body.code).toBe('captcha_required');
    expect((await logIn({ email: 'another@north.example' }, '198.51.100.1')).status).toBe(401);
  });

  it('lets in who solved it, once, and tells the provider what it has to know', async () => {
    await fail(3);
    const captcha = provider.solve('solved once');
    expect((await logIn({ captcha })).status).toBe(200);
    expect(provider.asked).toEqual([
      {
        method: 'POST',
        type: 'application/x-www-form-urlencoded',
        form: { secret: SECRET, response: captcha, remoteip: HERE },
      },
    ]);
    await fail(3);
    expect((await logIn({ captcha })).body).toMatchObject({ code: 'captcha_required', reason: 'refused' });
  });

  it('does not stand for the password', async () => {
    await fail(3);
    const wrong = await logIn({ password: 'still not the password', captcha: provider.solve('one') });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'login_refused']);
  });

  it('of another page does not count', async () => {
    provider.hostname = 'phishing.example.com';
    await fail(3);
    expect((await logIn({ captcha: provider.solve('elsewhere') })).body.reason).toBe('refused');
  });

  it('is not spent on a login that has to wait', async () => {
    await fail(3);
    for (let n = 0; n < 2; n++) await logIn({ password: 'not the password', captcha: provider.solve(`wrong ${n}`) });
    const before = provider.asked.length;
    expect((await logIn({ captcha: provider.solve('patient') })).status).toBe(429);
    expect(provider.asked).toHaveLength(before);
    clock.advance(61_000);
    expect((await logIn({ captcha: 'patient' })).status).toBe(200);
  });

  it('is asked for by every reset code', async () => {
    const email = ada.email;
    expect((await post(FORGOT, { email })).body).toMatchObject({ status: 428, code: 'captcha_required' });
    expect((await post(FORGOT, { email, captcha: 'made up' })).status).toBe(428);
    expect((await post(FORGOT, { email, captcha: provider.solve('forgetful') })).status).toBe(202);
  });

  it.each(['silent', 'garbage', 'other', 'hangs_up', 'broken'] satisfies Fault[])(
    'keeps nobody out whose provider is %s, and leaves guesses to the throttle',
    async (fault) => {
      const failedOpen = async (): Promise<number> =>
        Number(
          /auth_captcha_checks_total\{outcome="unknown"\} (\d+)/.exec(await slice.get(Metrics).exposition())?.[1] ?? 0,
        );
      const before = await failedOpen();
      await fail(3);
      provider.fault = fault;
      expect((await logIn({ captcha: 'whatever' })).status).toBe(200);
      expect(await failedOpen()).toBe(before + 1);
      await fail(3);
      for (let n = 0; n < 2; n++) await logIn({ password: 'not the password', captcha: 'whatever' });
      expect((await logIn({ captcha: 'whatever' })).status).toBe(429);
    },
    30_000,
  );
});

describe('Where no captcha is set up', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
  });
  afterAll(() => slice?.close());

  it('none is asked for', async () => {
    const ada = await anAccount(slice, await aTenant(slice, 'plain'), 'ada@plain.example');
    const logIn = (password: string) => slice.http('POST', LOGIN, { body: { email: ada.email, password } });
    for (let n = 0; n < 4; n++) expect((await logIn('not the password')).status).toBe(401);
    expect((await logIn(ada.password)).status).toBe(200);
    expect((await slice.http('POST', FORGOT, { body: { email: ada.email } })).status).toBe(202);
  });
});
