import { FixedClock } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authContexts, signIn } from '../testing.js';

describe('Service tokens', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let token: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
  });
  beforeEach(async () => {
    token = (await signIn(slice, { grants: ['service-tokens:manage', 'users:read', 'roles:read'] })).token;
  });
  afterAll(() => slice?.close());

  const issue = (body: object = {}) =>
    slice.http('POST', '/api/v1/service-tokens', { token, body: { name: 'Form', grants: ['users:read'], ...body } });
  const open = async (path: string, key: string): Promise<number> =>
    (await slice.http('GET', `/api/v1/${path}`, { headers: { 'x-api-key': key } })).status;

  it('open what they were granted and nothing else', async () => {
    const { status, body } = await issue();
    expect(status).toBe(201);
    expect(body.key).toMatch(new RegExp(`^${body.prefix}_[\\w-]{43}$`));
    expect([await open('users', body.key), await open('roles', body.key), await open('auth/me', body.key)]).toEqual([
      200, 403, 403,
    ]);
    expect(await open('users', `${body.key.slice(0, -1)}!`)).toBe(401);
    expect(
      await open(
        'users',
        body.key.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A')),
      ),
    ).toBe(401);
  });

  it('show their key once: no list, no audit row and no table has it', async () => {
    const { body } = await issue();
    const read = await slice.http('GET', `/api/v1/service-tokens/${body.id}`, { token });
    expect(read.body).not.toHaveProperty('key');
    const { rows } = await slice.superuser.query(
      'select k::text as row from service_tokens k union all select a::text from audit_log a union all select o::text from outbox o',
    );
    const dump = JSON.stringify(rows);
    expect(dump).toContain(body.prefix);
    expect(dump).not.toContain(body.key.slice(13));
  });

  it('are not stored for a repeated request either', async () => {
    const headers = { 'idempotency-key': 'one-key' };
    const body = { name: 'Form', grants: ['users:read'] };
    const [first, second] = [
      await slice.http('POST', '/api/v1/service-tokens', { token, body, headers }),
      await slice.http('POST', '/api/v1/service-tokens', { token, body, headers }),
    ];
    expect(second.body.key).not.toBe(first.body.key);
    expect((await slice.superuser.query('select 1 from idempotency')).rowCount).toBe(0);
  });

  it('grant nothing that their maker does not hold, or that nobody knows', async () => {
    expect((await issue({ grants: ['users:create'] })).body.code).toBe('exceeds_own_grants');
    expect((await issue({ grants: ['users:fly'] })).body.code).toBe('grant_unknown');
    expect((await issue({ grants: [] })).status).toBe(400);
  });

  it('make no other keys, which would outlive them', async () => {
    const { body } = await issue({ grants: ['service-tokens:manage'] });
    const headers = { 'x-api-key': body.key };
    const child = { name: 'Child', grants: ['service-tokens:manage'] };
    const made = await slice.http('POST', '/api/v1/service-tokens', { headers, body: child });
    expect([made.status, made.body.code]).toEqual([403, 'users_only']);
    expect(await open('service-tokens', body.key)).toBe(200);
  });

  it('tell when they were last used', async () => {
    const { body } = await issue();
    const lastUsed = async (): Promise<string | null> =>
      (await slice.http('GET', `/api/v1/service-tokens/${body.id}`, { token })).body.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await open('users', body.key);
    expect(await lastUsed()).toBe(clock.now().toISOString());
  });

  it('go on when their maker leaves, and are found by their maker’s id', async () => {
    const maker = await signIn(slice, { grants: ['service-tokens:manage', 'users:read'] });
    const theirs = { token: maker.token, body: { name: 'Theirs', grants: ['users:read'] } };
    const made = (await slice.http('POST', '/api/v1/service-tokens', theirs)).body;
    await issue();
    const boss = await signIn(slice, { grants: ['users:deactivate', 'service-tokens:manage', 'users:read'] });
    const left = await slice.http('POST', `/api/v1/users/${maker.userId}/deactivate`, { token: boss.token });
    expect(left.status).toBe(200);
    expect(await open('users', made.key)).toBe(200);
    const found = await slice.http('GET', `/api/v1/service-tokens?createdBy=${maker.userId}`, { token });
    expect(found.body.data.map(({ id }: { id: string }) => id)).toEqual([made.id]);
  });

  it('are dead once revoked, at once', async () => {
    const { body } = await issue();
    expect(await open('users', body.key)).toBe(200);
    expect((await slice.http('DELETE', `/api/v1/service-tokens/${body.id}`, { token })).status).toBe(204);
    expect(await open('users', body.key)).toBe(401);
  });

  it('are dead once expired', async () => {
    const inAnHour = new Date(clock.now().getTime() + 3_600_000).toISOString();
    const { body } = await issue({ expiresAt: inAnHour });
    expect(body.expiresAt).toBe(inAnHour);
    clock.advance(3_600_000);
    expect(await open('users', body.key)).toBe(401);
  });

  it('are never made expired, nor to expire at what is no instant', async () => {
    expect((await issue({ expiresAt: '2020-01-01T00:00:00Z' })).body.code).toBe('expiry_past');
    for (const expiresAt of [4_102_444_800_000, true, '2100', '2100-01-01', null])
      expect(await issue({ expiresAt })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/expiresAt' }] } });
  });

  it.each(['2099-12-31', '2099-12-31T00:00:00', '2099-02-30T00:00:00Z', '2099', 4_102_444_800_000, true, null, []])(
    'do not expire at %j, which names no instant',
    async (expiresAt) => {
      const { status, body } = await issue({ expiresAt });
      expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/expiresAt']);
    },
  );

  describe('that are kept to some addresses', () => {
    const from = (remoteAddress: string, key: string, path = 'users') =>
      slice.app.inject({ method: 'GET', url: `/api/v1/${path}`, remoteAddress, headers: { 'x-api-key': key } });

    it('open nothing from elsewhere, on record, and go on from there', async () => {
      const { body } = await issue({ allowedFrom: ['203.0.113.0/24', '2001:db8::7', '203.0.113.0/24'] });
      expect(body.allowedFrom).toEqual(['2001:db8::7', '203.0.113.0/24']);
      const outcomes: Record<string, number> = {};
      for (const address of [
        '203.0.113.9',
        '::ffff:203.0.113.9',
        '2001:db8::7',
        '203.0.114.9',
        '2001:db8::8',
        '127.0.0.1',
      ])
        outcomes[address] = (await from(address, body.key)).statusCode;
      expect(outcomes).toEqual({
        ...{ '203.0.113.9': 200, '::ffff:203.0.113.9': 200, '2001:db8::7': 200 },
        ...{ '203.0.114.9': 403, '2001:db8::8': 403, '127.0.0.1': 403 },
      });
      expect((await from('203.0.114.9', body.key)).json()).toMatchObject({ code: 'address_not_allowed' });
      const { rows } = await slice.superuser.query(
        `select after->>'code' as code from audit_log where action = 'denied' and actor_id = $1`,
        [body.id],
      );
      expect(rows).toContainEqual({ code: 'address_not_allowed' });
    });

    it('open as before from anywhere where none are named', async () => {
      const { body } = await issue({ allowedFrom: [] });
      expect((await from('198.51.100.1', body.key)).statusCode).toBe(200);
    });

    it.each([[['203.0.113.0/33']], [['everywhere']], [[7]], [[null]], ['203.0.113.7'], [null]])(
      'are not made with %j',
      async (allowedFrom) => {
        expect((await issue({ allowedFrom })).status).toBe(400);
      },
    );
  });

  it('of another tenant do not exist', async () => {
    const stranger = await signIn(slice, { tenantId: OTHER_TENANT, grants: ['service-tokens:manage'] });
    const fresh = (await issue()).body;
    expect((await slice.http('DELETE', `/api/v1/service-tokens/${fresh.id}`, { token: stranger.token })).status).toBe(
      404,
    );
    expect((await slice.http('GET', '/api/v1/service-tokens', { token: stranger.token })).body.data).toEqual([]);
  });
});
