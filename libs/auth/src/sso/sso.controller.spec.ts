import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, type Slice, TestDnsServer } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCodeOf, anAccount, aTenant, authContexts, enrol, logIn, signIn, type SignedIn } from '../testing.js';
import { AuthFacade } from '../auth.facade.js';
import { CLIENT, type Claims, forgedSignature, IdentityProvider, type Tampering } from './testing/identity-provider.js';

const PUBLIC_URL = 'http://crm.example';
const MANAGE = ['sso-providers:manage', 'sso-providers:read', 'roles:manage', 'users:update', 'users:deactivate'];
const backTo = (domain: string): string => `https://${domain}/back`;
const aPerson = (over: Partial<Claims> = {}): Claims => ({
  sub: `subject-${newId()}`,
  email: `nina-${newId()}@north.example`,
  email_verified: true,
  given_name: 'Nina',
  family_name: 'Weiss',
  ...over,
});

type Begun = { url: string; cookie: string };
type Answer = { status: number; body: ReturnType<typeof JSON.parse> };

describe('Single sign-on', () => {
  const clock = new FixedClock(new Date());
  let [northProvider, southProvider] = ['', ''];
  let slice: Slice;
  let dns: TestDnsServer;
  let honest: IdentityProvider;
  let hostile: IdentityProvider;
  let admin: SignedIn;
  let north: string;
  beforeAll(async () => {
    [honest, hostile] = await Promise.all([
      IdentityProvider.start([backTo('north.example')]),
      IdentityProvider.start([backTo('south.example')]),
    ]);
    dns = await TestDnsServer.start();
    slice = await bootSlice({
      contexts: authContexts,
      clock,
      env: { PUBLIC_URL, OUTBOUND_PRIVATE_NETWORKS: '127.0.0.1', DNS_SERVERS: dns.address },
    });
    north = await aTenant(slice, 'north');
    const south = await aTenant(slice, 'south');
    admin = await signIn(slice, { tenantId: north, grants: MANAGE });
    const other = await signIn(slice, { tenantId: south, grants: MANAGE });
    northProvider = await setUp(admin, honest, 'north.example');
    southProvider = await setUp(other, hostile, 'south.example');
  });
  afterAll(async () => {
    await Promise.all([honest?.close(), hostile?.close()]);
    await slice?.close();
    await dns?.stop();
  });
  beforeEach(async () => {
    [honest.person, honest.lie, hostile.lie] = [aPerson(), undefined, undefined];
    hostile.person = aPerson({ email: `mallory-${newId()}@south.example` });
    await slice.superuser.query('delete from login_throttle');
    admin = await signIn(slice, { tenantId: north, grants: MANAGE });
  });

  const rows = async (sql: string, values: unknown[] = []) => (await slice.superuser.query(sql, values)).rows;

  async function setUp({ token }: SignedIn, at: IdentityProvider, domain: string): Promise<string> {
    const body = {
      name: domain,
      issuer: at.issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      domains: [domain],
      redirectUri: backTo(domain),
    };
    const made = await slice.http('POST', '/api/v1/sso-providers', { token, body });
    expect(made.status).toBe(201);
    await prove(made.body, domain, token);
    return made.body.id;
  }

  type Claimed = { id: string; domainClaims: { domain: string; recordName: string; recordValue: string }[] };
  async function prove({ id, domainClaims }: Claimed, domain: string, token: string): Promise<void> {
    const claim = domainClaims.find((one) => one.domain === domain)!;
    dns.texts.set(claim.recordName, [claim.recordValue]);
    const path = `/api/v1/sso-providers/${id}/domains/${domain}/verify`;
    expect((await slice.http('POST', path, { token })).status).toBe(200);
  }

  async function start(provider = northProvider, query = ''): Promise<Begun> {
    const { status, body, headers } = await slice.http('GET', `/api/v1/auth/sso/${provider}/start${query}`);
    expect(status).toBe(200);
    return { url: body.url, cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
  }
  const callback = (query: Record<string, string>, cookie: string, provider = northProvider): Promise<Answer> =>
    slice.http('GET', `/api/v1/auth/sso/${provider}/callback?${new URLSearchParams(query).toString()}`, {
      headers: { cookie },
    });
  async function comeIn(provider = northProvider, at = honest): Promise<Answer> {
    const { url, cookie } = await start(provider);
    return callback(await at.visit(url), cookie, provider);
  }
  const outcome = ({ status, body }: Answer): string => `${status} ${body.code ?? ''}`.trim();
  const asAdmin = (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: object) =>
    slice.http(method, `/api/v1/${path}`, { token: admin.token, body });

  it('lets in those whom a suspended tenant has, and brings nobody new into it', async () => {
    expect((await comeIn()).status).toBe(200);
    try {
      await slice.get(AuthFacade).suspendTenant(north);
      expect((await comeIn()).status).toBe(200);
      honest.person = aPerson();
      expect(outcome(await comeIn())).toBe('423 tenant_suspended');
    } finally {
      await slice.get(AuthFacade).activateTenant(north);
    }
    expect((await comeIn()).status).toBe(200);
  });

  describe('on the way out', () => {
    it('asks with a state, a nonce and a PKCE challenge of their own each time, and gives the browser a cookie', async () => {
      const { headers, body } = await slice.http('GET', `/api/v1/auth/sso/${northProvider}/start`);
      expect(headers['set-cookie']).toMatch(
        /^nexus_sso=[\w-]{43}; Path=\/api\/v1\/auth\/sso; Max-Age=600; HttpOnly; SameSite=Lax$/,
      );
      const first = new URL(body.url).searchParams;
      expect(Object.fromEntries(first)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
      const second = new URL((await start()).url).searchParams;
      for (const name of ['state', 'nonce', 'code_challenge']) {
        expect(first.get(name)).toMatch(/^[\w-]{43}$/);
        expect(first.get(name)).not.toBe(second.get(name));
      }
    });

    it('has the browser sent back to the API itself unless a page is named', async () => {
      const back = async () => new URL((await start()).url).searchParams.get('redirect_uri');
      expect(await back()).toBe(backTo('north.example'));
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { redirectUri: null });
      expect(await back()).toBe(`${PUBLIC_URL}/api/v1/auth/sso/${northProvider}/callback`);
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { redirectUri: backTo('north.example') });
    });

    it('tells who speaks for a domain, and nothing of whether somebody exists', async () => {
      const ask = async (email: string) => (await slice.http('GET', `/api/v1/auth/sso?email=${email}`)).body.providers;
      expect(await ask('anybody@NORTH.example')).toEqual([{ id: northProvider, name: 'north.example' }]);
      expect(await ask('anybody@nowhere.example')).toEqual([]);
    });

    it('is not there for a provider that nobody set up, or that is switched off', async () => {
      expect((await slice.http('GET', `/api/v1/auth/sso/${newId()}/start`)).status).toBe(404);
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { isEnabled: false });
      expect((await slice.http('GET', `/api/v1/auth/sso/${northProvider}/start`)).status).toBe(404);
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { isEnabled: true });
    });

    it('says when the provider does not answer, and does not call a private address that no setting names', async () => {
      const body = { name: 'Away', clientId: 'x', domains: ['away.example'] };
      for (const [issuer, domain] of [
        ['http://127.0.0.1:9', 'a.example'],
        ['http://127.0.0.2:9', 'b.example'],
        ['http://169.254.169.254', 'c.example'],
      ]) {
        const { id } = (await asAdmin('POST', 'sso-providers', { ...body, issuer, domains: [domain] })).body;
        const answer = await slice.http('GET', `/api/v1/auth/sso/${id}/start`);
        expect([answer.status, answer.body.code]).toEqual([503, 'sso_unavailable']);
        expect((await asAdmin('DELETE', `sso-providers/${id}`)).status).toBe(204);
      }
    });
  });

  describe('on the way back', () => {
    it('lets somebody in whom it has never seen, and knows them the next time by issuer and subject alone', async () => {
      const first = await comeIn();
      expect(outcome(first)).toBe('200');
      expect(first.body.user).toMatchObject({ email: honest.person.email, firstName: 'Nina', lastName: 'Weiss' });
      expect((await slice.http('GET', '/api/v1/auth/me', { token: first.body.token })).body.tenant.slug).toBe('north');
      honest.person = { ...honest.person, email: 'another@elsewhere.example', email_verified: false };
      expect((await comeIn()).body.user.id).toBe(first.body.user.id);
      const told = await rows(
        `select after->>'factor' as factor from audit_log where action = 'logged_in' and entity_id = $1`,
        [first.body.user.id],
      );
      expect(told).toEqual([{ factor: 'sso' }, { factor: 'sso' }]);
    });

    it('gives a newcomer the roles of the provider, and makes one account of two tabs', async () => {
      const role = (await asAdmin('POST', 'roles', { name: `Guests ${newId()}`, grants: ['sso-providers:read'] })).body;
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { roles: [role.id] });
      const begun = await Promise.all([start(), start()]);
      const back = [await honest.visit(begun[0].url), await honest.visit(begun[1].url)] as const;
      const answers = await Promise.all([callback(back[0], begun[0].cookie), callback(back[1], begun[1].cookie)]);
      expect(answers.map(outcome)).toEqual(['200', '200']);
      expect(answers[0]?.body.user.id).toBe(answers[1]?.body.user.id);
      expect(answers[0]?.body.user.roles).toEqual([{ id: role.id, name: role.name }]);
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { roles: [] });
    });

    it('makes no account for a domain that is claimed, until it is proven', async () => {
      const domains = ['north.example', 'claimed.example'];
      const claimed = await asAdmin('PATCH', `sso-providers/${northProvider}`, { domains });
      honest.person = aPerson({ email: 'nina@claimed.example' });
      expect(outcome(await comeIn())).toBe('403 sso_domain_refused');
      await prove(claimed.body, 'claimed.example', admin.token);
      expect(outcome(await comeIn())).toBe('200');
    });

    it.each([
      ['an address that is not verified', { email_verified: false }, '403 sso_email_unverified'],
      ['an address that is verified in words', { email_verified: 'true' }, '403 sso_email_unverified'],
      ['no address', { email: undefined }, '403 sso_email_unverified'],
      ['an address that is none', { email: 'nina north.example' }, '403 sso_email_unverified'],
      ['a foreign domain', { email: 'nina@south.example' }, '403 sso_domain_refused'],
      ['a domain that ends alike', { email: 'nina@evilnorth.example' }, '403 sso_domain_refused'],
      ['a domain before another', { email: 'nina@north.example@evil.example' }, '403 sso_email_unverified'],
    ])('makes no account for %s', async (_, over, refusal) => {
      honest.person = aPerson(over);
      expect(outcome(await comeIn())).toBe(refusal);
    });

    it('never takes an account by its address: its owner logs in and links it', async () => {
      const ada = await anAccount(slice, north, `ada-${newId()}@north.example`);
      honest.person = aPerson({ email: ada.email });
      expect(outcome(await comeIn())).toBe('409 sso_account_exists');
      const { token } = await logIn(slice, ada);
      const link = await slice.http('POST', `/api/v1/auth/sso/${northProvider}/link`, { token });
      const cookie = String(link.headers['set-cookie']).split(';')[0] ?? '';
      const linked = await callback(await honest.visit(link.body.url), cookie);
      expect([outcome(linked), linked.body.user?.id]).toEqual(['200', ada.id]);
      expect((await comeIn()).body.user.id).toBe(ada.id);
      const bob = await anAccount(slice, north, `bob-${newId()}@north.example`);
      const again = await slice.http('POST', `/api/v1/auth/sso/${northProvider}/link`, {
        token: (await logIn(slice, bob)).token,
      });
      const other = String(again.headers['set-cookie']).split(';')[0] ?? '';
      expect(outcome(await callback(await honest.visit(again.body.url), other))).toBe('409 sso_identity_taken');
    });

    it('links nothing any more once the session that asked has ended', async () => {
      const ada = await anAccount(slice, north, `ada-${newId()}@north.example`);
      const { token } = await logIn(slice, ada);
      const link = await slice.http('POST', `/api/v1/auth/sso/${northProvider}/link`, { token });
      const cookie = String(link.headers['set-cookie']).split(';')[0] ?? '';
      const answer = await honest.visit(link.body.url);
      await slice.http('POST', '/api/v1/auth/logout-all', { token });
      expect(outcome(await callback(answer, cookie))).toBe('401 sso_refused');
      expect(await rows('select 1 from sso_identities where user_id = $1', [ada.id])).toEqual([]);
    });

    it('opens to its owner, at their first login, the account that the directory made, and no other by its address', async () => {
      const { token } = await signIn(slice, { tenantId: north, grants: ['service-tokens:manage', 'scim:provision'] });
      const wanted = { name: 'Directory', grants: ['scim:provision'] };
      const { key } = (await slice.http('POST', '/api/v1/service-tokens', { token, body: wanted })).body;
      const provision = async (userName: string): Promise<string> =>
        (
          await slice.http('POST', '/api/v1/scim/v2/Users', {
            headers: { authorization: `Bearer ${key}` },
            body: { userName, name: { givenName: 'Nina' } },
          })
        ).body.id;
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { provisions: false });
      const mine = await provision(String(honest.person.email));
      honest.person = { ...honest.person, email_verified: false };
      expect(outcome(await comeIn())).toBe('403 sso_not_provisioned');
      honest.person = { ...honest.person, email_verified: true };
      expect((await comeIn()).body.user.id).toBe(mine);
      honest.person = { ...honest.person, sub: 'somebody-else' };
      expect(outcome(await comeIn())).toBe('403 sso_not_provisioned');
      honest.person = aPerson({ email: `nina-${newId()}@elsewhere.example` });
      await provision(String(honest.person.email));
      expect(outcome(await comeIn())).toBe('403 sso_not_provisioned');
      honest.person = aPerson();
      const ada = await anAccount(slice, north, String(honest.person.email));
      expect(await provision(ada.email)).toBe(ada.id);
      expect(outcome(await comeIn())).toBe('403 sso_not_provisioned');
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { provisions: true });
    });

    it('makes no account where the provider is to make none', async () => {
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { provisions: false });
      expect(outcome(await comeIn())).toBe('403 sso_not_provisioned');
      await asAdmin('PATCH', `sso-providers/${northProvider}`, { provisions: true });
    });

    it('lets nobody in who was deactivated', async () => {
      const { id } = (await comeIn()).body.user;
      expect((await asAdmin('POST', `users/${id}/deactivate`)).status).toBe(200);
      expect(outcome(await comeIn())).toBe('401 login_refused');
    });

    it('is a fresh proof only where the provider says that it was shown a moment ago', async () => {
      const begin = async (token: string) => outcome(await slice.http('POST', '/api/v1/auth/mfa/totp', { token }));
      expect(await begin((await comeIn()).body.token)).toBe('403 step_up_required');
      const { url, cookie } = await start(northProvider, '?fresh=true');
      expect(await begin((await callback(await honest.visit(url), cookie)).body.token)).toBe('201');
      const long = Math.floor(clock.now().getTime() / 1000) - 600;
      for (const lie of [{ auth_time: long }, { auth_time: 'now' }, { auth_time: undefined }]) {
        honest.lie = { claims: (claims) => ({ ...claims, ...lie }) };
        const stale = await start(northProvider, '?fresh=true');
        const came = await callback(await honest.visit(stale.url), stale.cookie);
        expect(came.status === 401 ? '403 step_up_required' : await begin(came.body.token)).toBe(
          '403 step_up_required',
        );
      }
    });

    it('is half of a login for somebody with a second factor', async () => {
      const { url, cookie } = await start(northProvider, '?fresh=true');
      const { token } = (await callback(await honest.visit(url), cookie)).body;
      const { secret } = await enrol(slice, token);
      const due = await comeIn();
      expect(due.body).toMatchObject({ mfaRequired: true });
      expect(due.body.accessToken).toBeUndefined();
      clock.advance(30_000);
      const body = { mfaToken: due.body.mfaToken, code: aCodeOf(secret, clock.now()) };
      expect((await slice.http('POST', '/api/v1/auth/login/mfa', { body })).status).toBe(200);
    });
  });

  describe('under attack', () => {
    it('takes an answer once, however often it comes at once', async () => {
      const { url, cookie } = await start();
      const query = await honest.visit(url);
      const answers = await Promise.all(Array.from({ length: 10 }, () => callback(query, cookie)));
      expect(answers.map(outcome).sort()).toEqual(['200', ...Array<string>(9).fill('401 sso_refused')]);
    });

    it('takes no answer in another browser, without its state, with two, or too late', async () => {
      const { url, cookie } = await start();
      const query = await honest.visit(url);
      const { state = '', ...rest } = query;
      const tries: [Record<string, string>, string][] = [
        [query, ''],
        [query, (await start()).cookie],
        [rest, cookie],
        [{ ...query, state: 'x'.repeat(43) }, cookie],
      ];
      for (const [sent, with_] of tries) expect(outcome(await callback(sent, with_))).toBe('401 sso_refused');
      const twice = `${new URLSearchParams(query).toString()}&state=${state}`;
      const doubled = await slice.http('GET', `/api/v1/auth/sso/${northProvider}/callback?${twice}`, {
        headers: { cookie },
      });
      expect(doubled.status).toBe(401);
      const late = await start();
      const answer = await honest.visit(late.url);
      clock.advance(600_000);
      expect(outcome(await callback(answer, late.cookie))).toBe('401 sso_refused');
    });

    it('does not believe documents in which a provider names itself as another', async () => {
      const documents = await (await fetch(`${honest.issuer}/.well-known/openid-configuration`)).text();
      const liar = createServer((_, reply) => reply.setHeader('content-type', 'application/json').end(documents));
      await new Promise<void>((done) => liar.listen(0, '127.0.0.1', done));
      const issuer = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
      const body = { name: 'Liar', clientId: 'x', domains: ['liar.example'], issuer };
      const { id } = (await asAdmin('POST', 'sso-providers', body)).body;
      expect((await slice.http('GET', `/api/v1/auth/sso/${id}/start`)).body.code).toBe('sso_unavailable');
      await asAdmin('DELETE', `sso-providers/${id}`);
      liar.close();
    });

    it('takes no answer that another login was given: its code belongs to another challenge', async () => {
      const [mine, theirs] = [await start(), await start()];
      const stolen = await honest.visit(theirs.url);
      const own = await honest.visit(mine.url);
      expect(outcome(await callback({ ...own, code: stolen.code ?? '' }, mine.cookie))).toBe('401 sso_refused');
    });

    it('takes no refusal of the provider, and no forged code, for a login', async () => {
      const wrong: Record<string, string>[] = [{ code: 'forged' }, { error: 'access_denied' }];
      for (const over of wrong) {
        const { url, cookie } = await start();
        expect(outcome(await callback({ ...(await honest.visit(url)), ...over }, cookie))).toBe('401 sso_refused');
      }
    });

    const lies: [string, () => Tampering][] = [
      ['another nonce', () => ({ claims: (claims) => ({ ...claims, nonce: 'another' }) })],
      ['no nonce', () => ({ claims: ({ nonce: _, ...claims }) => claims })],
      ['another audience', () => ({ claims: (claims) => ({ ...claims, aud: 'another-client' }) })],
      ['another issuer', () => ({ claims: (claims) => ({ ...claims, iss: honest.issuer }) })],
      ['an end that is over', () => ({ claims: (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }) })],
      ['no subject', () => ({ claims: ({ sub: _, ...claims }) => claims as Claims })],
      ['an endless subject', () => ({ claims: (claims) => ({ ...claims, sub: 'x'.repeat(256) }) })],
      ['the signature of another key', () => ({ sign: forgedSignature })],
      ['no signature', () => ({ sign: () => '' })],
    ];
    it.each(lies)('does not believe an ID token with %s', async (_, lie) => {
      hostile.lie = lie();
      expect(outcome(await comeIn(southProvider, hostile))).toBe('401 sso_refused');
    });

    it('believes the same provider once it tells the truth', async () => {
      hostile.lie = { claims: (claims) => claims };
      expect(outcome(await comeIn(southProvider, hostile))).toBe('200');
    });

    it('does not mix providers up: an answer of one is nothing at the other, whose token endpoint never sees the code', async () => {
      const [atNorth, atSouth] = [await start(northProvider), await start(southProvider)];
      const ofNorth = await honest.visit(atNorth.url);
      const before = hostile.tokenRequests;
      const state = new URL(atSouth.url).searchParams.get('state') ?? '';
      for (const [query, cookie, provider] of [
        [ofNorth, atNorth.cookie, southProvider],
        [{ ...ofNorth, state }, atSouth.cookie, northProvider],
        [{ ...ofNorth, state }, atSouth.cookie, southProvider],
      ] as const)
        expect(outcome(await callback(query, cookie, provider))).toBe('401 sso_refused');
      expect(hostile.tokenRequests).toBe(before);
      expect(outcome(await callback(ofNorth, atNorth.cookie))).toBe('200');
    });

    it('lets a provider of one tenant vouch for nobody of another', async () => {
      const victim = (await comeIn()).body.user;
      hostile.person = { ...honest.person, email: 'mallory@south.example' };
      const there = await comeIn(southProvider, hostile);
      expect(there.body.user.id).not.toBe(victim.id);
      hostile.person = aPerson({ email: honest.person.email });
      expect(outcome(await comeIn(southProvider, hostile))).toBe('403 sso_domain_refused');
    });

    it('leaves no secret at rest or in the trail, and the refusals by name', async () => {
      const { url, cookie } = await start();
      const query = await honest.visit(url);
      await callback({ ...query, code: 'forged' }, cookie);
      const kept = await rows('select * from sso_attempts');
      const providers = await rows('select * from sso_providers');
      const trail = await rows(`select * from audit_log where entity like 'sso%' or entity = 'users'`);
      const dump = JSON.stringify([kept, providers, trail]);
      for (const secret of [query.state, query.code, cookie.split('=')[1], CLIENT.secret])
        expect(dump).not.toContain(secret);
      const refused = trail.filter(({ action }) => action === 'login_refused');
      expect(refused.at(-1)).toMatchObject({ entity_id: northProvider, after: { code: 'sso_refused' } });
    });
  });

  describe('when it is required', () => {
    const require = (isRequired: boolean) => asAdmin('PATCH', `sso-providers/${northProvider}`, { isRequired });
    const breakGlass = (id: string, isBreakGlass: boolean) =>
      asAdmin('PUT', `users/${id}/break-glass`, { isBreakGlass });

    it('lets passwords in no more, but an administrator’s who may break the glass, on record', async () => {
      const ada = await anAccount(slice, north, `ada-${newId()}@north.example`);
      const boss = await anAccount(slice, north, `boss-${newId()}@north.example`, ['Administrator']);
      admin = { ...admin, token: (await logIn(slice, boss)).token };
      expect(outcome(await require(true))).toBe('422 break_glass_missing');
      expect(outcome(await breakGlass(ada.id, true))).toBe('200');
      expect(outcome(await require(true))).toBe('422 break_glass_missing'); // she administers nothing
      expect((await breakGlass(boss.id, true)).body.isBreakGlass).toBe(true);
      expect(outcome(await breakGlass(ada.id, false))).toBe('200');
      expect(outcome(await require(true))).toBe('200');

      const login = (email: string, password: string) =>
        slice.http('POST', '/api/v1/auth/login', { body: { email, password } });
      expect(outcome(await login(ada.email, ada.password))).toBe('403 sso_required');
      expect(outcome(await login(ada.email, 'not hers at all'))).toBe('401 login_refused');
      expect(outcome(await comeIn())).toBe('200');
      expect(outcome(await login(boss.email, boss.password))).toBe('200');
      const told = await rows(`select after from audit_log where action = 'broke_glass' and entity_id = $1`, [boss.id]);
      expect(told).toEqual([{ after: { ip: '127.0.0.1', userAgent: expect.any(String) } }]);

      expect(outcome(await breakGlass(boss.id, false))).toBe('422 break_glass_missing');
      expect(outcome(await require(false))).toBe('200');
      expect(outcome(await login(ada.email, ada.password))).toBe('200');
    });

    it('keeps no glass for somebody without a password', async () => {
      const { id } = (await comeIn()).body.user;
      expect(outcome(await breakGlass(id, true))).toBe('422 break_glass_needs_password');
    });
  });
});
