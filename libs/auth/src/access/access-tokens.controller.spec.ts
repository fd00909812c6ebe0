import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Authenticator } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, anAccount, aTenant, authContexts, enrol, logIn, signIn } from '../testing.js';

type Claims = Record<string, unknown>;
const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('An access token', () => {
  let slice: Slice;
  let claims: Claims;
  let good: string;
  let ada: Account;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    good = (await signIn(slice)).token;
    claims = JSON.parse(Buffer.from(good.split('.')[1]!, 'base64url').toString()) as Claims;
    ada = await anAccount(slice, await aTenant(slice, 'north'), 'ada@north.example');
  });
  afterAll(() => slice?.close());

  const hmac = (input: string, key: string | Buffer = slice.config.JWT_SECRET, hash = 'sha256'): string =>
    createHmac(hash, key).update(input).digest('base64url');
  const forge = (header: object, over: Claims = {}, key?: string | Buffer, hash?: string): string => {
    const input = `${b64(header)}.${b64({ ...claims, ...over })}`;
    return `${input}.${hmac(input, key, hash)}`;
  };
  const HS = { alg: 'HS256', typ: 'JWT' };
  const ask = (token: string) =>
    slice.http('GET', '/api/v1/auth/me', { headers: { authorization: `Bearer ${token}` } });

  it('made by the same rules is accepted, so that the attacks below differ in one thing each', async () => {
    expect((await ask(good)).status).toBe(200);
    expect((await ask(forge(HS))).status).toBe(200);
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const attacks: Record<string, () => string> = {
    'alg none': () => `${b64({ alg: 'none', typ: 'JWT' })}.${b64(claims)}.`,
    'alg NONE': () => `${b64({ alg: 'NONE' })}.${b64(claims)}.`,
    'alg nOnE with the good signature': () => `${b64({ alg: 'nOnE' })}.${b64(claims)}.${good.split('.')[2]}`,
    'no alg at all': () => forge({ typ: 'JWT' }),
    'alg twice, the first none': () => `${b64('{"alg":"none","alg":"HS256","typ":"JWT"}')}.${b64(claims)}.`,
    'alg in small letters with the right key': () => forge({ alg: 'hs256', typ: 'JWT' }),
    'alg as a list': () => forge({ alg: ['HS256'], typ: 'JWT' }),
    'an embedded token (cty)': () => forge({ ...HS, cty: 'JWT' }),
    'a compressed body (zip)': () => forge({ ...HS, zip: 'DEF' }),
    'an empty signature': () => `${good.split('.').slice(0, 2).join('.')}.`,
    'the signature left off': () => good.split('.').slice(0, 2).join('.'),
    'another body under the good signature': () =>
      `${good.split('.')[0]}.${b64({ ...claims, sub: ada?.id })}.${good.split('.')[2]}`,
    'HS512 with the right key': () => forge({ alg: 'HS512', typ: 'JWT' }, {}, undefined, 'sha512'),
    'HS256 with an RSA public key as secret': () => forge(HS, {}, pem),
    'RS256 with a key of one’s own': () => {
      const input = `${b64({ alg: 'RS256', typ: 'JWT' })}.${b64(claims)}`;
      return `${input}.${sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`;
    },
    'a key of one’s own in jwk': () => {
      const input = `${b64({ alg: 'RS256', typ: 'JWT', jwk: rsa.publicKey.export({ format: 'jwk' }) })}.${b64(claims)}`;
      return `${input}.${sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`;
    },
    'jku beside a good signature': () => forge({ ...HS, jku: 'https://evil.example/keys' }),
    'x5u beside a good signature': () => forge({ ...HS, x5u: 'https://evil.example/cert' }),
    'x5c beside a good signature': () => forge({ ...HS, x5c: [b64('cert')] }),
    'kid that names a file': () => forge({ ...HS, kid: '../../../../dev/null' }, {}, ''.padEnd(1, '\0')),
    'kid with SQL': () => forge({ ...HS, kid: "x' union select 'secret' --" }, {}, 'secret'),
    'kid beside a good signature': () => forge({ ...HS, kid: 'k1' }),
    'the psychic signature (r = s = 0)': () =>
      `${b64({ alg: 'ES256', typ: 'JWT' })}.${b64(claims)}.${Buffer.alloc(64).toString('base64url')}`,
    'ES256 with a key of one’s own': () => {
      const input = `${b64({ alg: 'ES256', typ: 'JWT' })}.${b64(claims)}`;
      return `${input}.${sign('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
    'crit b64 false with a good signature': () => forge({ ...HS, b64: false, crit: ['b64'] }),
    'an unknown crit with a good signature': () => forge({ ...HS, crit: ['exp'] }),
    'an expired one': () => forge(HS, { exp: Math.floor(Date.now() / 1000) - 1 }),
    'one without exp': () => forge(HS, { exp: undefined }),
    'one whose exp is text': () => forge(HS, { exp: '9999999999' }),
    'one from the future (nbf)': () => forge(HS, { nbf: Math.floor(Date.now() / 1000) + 3600 }),
    'one from the future (iat)': () => forge(HS, { iat: Math.floor(Date.now() / 1000) + 3600 }),
    'another issuer’s': () => forge(HS, { iss: 'someone' }),
    'one for another audience': () => forge(HS, { aud: 'nexus-admin' }),
    'one without audience': () => forge(HS, { aud: undefined }),
    'another kind': () => forge(HS, { typ: 'refresh' }),
    'one without a kind': () => forge(HS, { typ: undefined }),
    'one whose session never was': () => forge(HS, { sid: '01920000-0000-7000-8000-0000000000cc' }),
    'one whose session is no id': () => forge(HS, { sid: "' or true --" }),
    'signed with an empty key': () => forge(HS, {}, ''),
    'signed with the refresh secret': () => forge(HS, {}, slice.config.JWT_REFRESH_SECRET),
    'no JSON': () => `${b64('{')}.${b64('{')}.${b64('{')}`,
    'two dots': () => '..',
    'very long': () => `${b64(HS)}.${'a'.repeat(7000)}.x`,
  };

  it.each(Object.keys(attacks))('is refused: %s', async (name) => {
    const { status, body: answer, headers } = await ask(attacks[name]!());
    expect(status).toBe(401);
    expect({ ...answer, requestId: '' }).toEqual({
      type: 'urn:nexus:problem:unauthenticated',
      title: 'Not authenticated',
      status: 401,
      statusCode: 401,
      detail: 'The request needs a valid token',
      message: 'The request needs a valid token',
      instance: '/api/v1/auth/me',
      code: 'unauthenticated',
      requestId: '',
    });
    expect(headers['www-authenticate']).toContain('Bearer');
  });

  it('has no standing for another user or tenant than its session’s', async () => {
    const authenticator = slice.get(Authenticator);
    const ticket = await authenticator.read({ kind: 'jwt', token: good });
    expect(await authenticator.stand(ticket)).toMatchObject({ actorId: ticket.subject, restriction: null });
    expect(await authenticator.stand({ ...ticket, subject: ada.id })).toBeUndefined();
    expect(await authenticator.stand({ ...ticket, tenantId: ada.tenantId })).toBeUndefined();
  });

  describe('and every other kind of token opens only its own door', () => {
    const kinds: Record<string, () => Promise<string>> = {
      access: async () => (await logIn(slice, ada)).token,
      refresh: async () => (await logIn(slice, ada)).refreshToken,
      device: async () => (await logIn(slice, ada)).deviceToken,
      mfa: async () => {
        const cautious = await anAccount(slice, ada.tenantId, 'cautious@north.example');
        await enrol(slice, (await logIn(slice, cautious)).token);
        const { email, password } = cautious;
        return (await slice.http('POST', '/api/v1/auth/login', { body: { email, password } })).body.mfaToken;
      },
      reset: async () => {
        await slice.http('POST', '/api/v1/auth/password/forgot', { body: { email: ada.email } });
        const { rows } = await slice.superuser.query(
          `select text from messages where about_kind = 'auth.password-reset' order by created_at desc limit 1`,
        );
        return /^ {4}(\S+)$/m.exec(rows[0].text)![1]!;
      },
      service: async () => {
        const { token } = await signIn(slice, { grants: ['service-tokens:manage', 'users:read'] });
        return (
          await slice.http('POST', '/api/v1/service-tokens', { token, body: { name: 'k', grants: ['users:read'] } })
        ).body.key;
      },
    };
    const doors: Record<string, (token: string) => Promise<number>> = {
      'a protected route': async (token) => (await slice.http('GET', '/api/v1/auth/permissions', { token })).status,
      'X-API-Key': async (token) =>
        (await slice.http('GET', '/api/v1/auth/permissions', { headers: { 'x-api-key': token } })).status,
      refresh: async (refreshToken) =>
        (await slice.http('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status,
      reset: async (token) =>
        (await slice.http('POST', '/api/v1/auth/password/reset', { body: { token, password: 'seven green bottles' } }))
          .status,
    };
    const own: Record<string, string> = {
      access: 'a protected route',
      refresh: 'refresh',
      service: 'X-API-Key',
      reset: 'reset',
    };

    it.each(Object.keys(kinds))('%s', async (kind) => {
      const token = await kinds[kind]!();
      for (const [door, open] of Object.entries(doors)) {
        if (door === own[kind]) continue;
        expect([door, await open(token)]).toEqual([door, door === 'reset' ? 400 : 401]);
      }
      if (own[kind]) expect([200, 204]).toContain(await doors[own[kind]]!(token));
    });
  });
});
