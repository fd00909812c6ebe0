import { bootSlice, type Slice, TestDnsServer } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aTenant, authContexts, signIn, type SignedIn } from '../testing.js';

const MANAGE = ['sso-providers:manage', 'sso-providers:read', 'users:update'];

describe('Identity providers', () => {
  let slice: Slice;
  let dns: TestDnsServer;
  let north: string;
  let admin: SignedIn;
  let south: SignedIn;
  beforeAll(async () => {
    dns = await TestDnsServer.start();
    slice = await bootSlice({ contexts: authContexts, env: { DNS_SERVERS: dns.address } });
    north = await aTenant(slice, 'north');
    south = await signIn(slice, { tenantId: await aTenant(slice, 'south'), grants: MANAGE });
    admin = await signIn(slice, { tenantId: north, grants: MANAGE });
    await rows(`select set_config('app.actor_id', $1, false)`, [admin.userId]);
  });
  beforeEach(async () => {
    dns.isBroken = false;
    dns.texts.clear();
    await rows('delete from sso_providers');
  });
  afterAll(async () => {
    await slice?.close();
    await dns?.stop();
  });

  const rows = async (sql: string, values: unknown[] = []) => (await slice.superuser.query(sql, values)).rows;
  const outcome = ({ status, body: { code = '' } }: { status: number; body: { code?: string } }): string =>
    `${status} ${code}`.trim();
  const asAdmin = (method: 'POST' | 'PATCH' | 'DELETE', path: string, given?: object) =>
    slice.http(method, `/api/v1/${path}`, { token: admin.token, body: given });
  const body = (over: object = {}) => ({
    name: 'Another',
    issuer: 'https://login.other.example',
    clientId: 'nexus',
    domains: ['other.example'],
    ...over,
  });

  it('are set up by those who may, show no secret, and keep what an edit does not name', async () => {
    const made = await asAdmin('POST', 'sso-providers', body({ clientSecret: 'top secret of ours' }));
    expect(made.body).toMatchObject({ hasClientSecret: true, domains: ['other.example'], provisions: true });
    expect(JSON.stringify(made.body)).not.toContain('top secret');
    const edited = await asAdmin('PATCH', `sso-providers/${made.body.id}`, { name: 'Renamed' });
    expect(edited.body).toMatchObject({ name: 'Renamed', hasClientSecret: true, version: 2 });
    const same = await asAdmin('PATCH', `sso-providers/${made.body.id}`, { issuer: made.body.issuer });
    expect(same.body.hasClientSecret).toBe(true);
    const moved = await asAdmin('PATCH', `sso-providers/${made.body.id}`, { issuer: 'https://else.example' });
    expect(moved.body.hasClientSecret).toBe(false); // nobody reads it by having it sent to them
    const list = await slice.http('GET', '/api/v1/sso-providers?sort=name&limit=100', { token: admin.token });
    expect(list.body.data.map(({ name }: { name: string }) => name)).toEqual(['Renamed']);
    expect((await asAdmin('DELETE', `sso-providers/${made.body.id}`)).status).toBe(204);
  });

  it.each([
    [{ domains: [] }, '400 validation_failed'],
    [{ domains: ['nonsense'] }, '400 validation_failed'],
    [{ issuer: 'ftp://login.other.example' }, '400 sso_address_invalid'],
    [{ issuer: 'https://user:pw@login.other.example' }, '400 sso_address_invalid'],
    [{ issuer: 'https://login.other.example?tenant=x' }, '400 sso_address_invalid'],
    [{ redirectUri: 'javascript:alert(1)' }, '400 sso_address_invalid'],
    [{ roles: ['Administrator'] }, '403 exceeds_own_grants'],
    [{ roles: ['Nobodies'] }, '422 role_not_found'],
  ])('are not set up with %o', async (over, refusal) => {
    expect(outcome(await asAdmin('POST', 'sso-providers', body(over)))).toBe(refusal);
  });

  it('are not turned elsewhere by those who hold less than the roles that they give', async () => {
    const made = await asAdmin('POST', 'sso-providers', body());
    const { rows: found } = await slice.superuser.query(
      `select id from roles where tenant_id = $1 and name = 'Administrator'`,
      [north],
    );
    await rows('insert into sso_provider_roles (tenant_id, provider_id, role_id) values ($1, $2, $3)', [
      north,
      made.body.id,
      found[0].id,
    ]);
    const path = `sso-providers/${made.body.id}`;
    for (const answer of [
      await asAdmin('PATCH', path, { issuer: 'https://evil.example' }),
      await asAdmin('DELETE', path),
    ])
      expect(outcome(answer)).toBe('403 exceeds_own_grants');
  });

  type Claim = { domain: string; verifiedAt: string | null; recordName: string; recordValue: string };
  const claims = async (domain: string, { token } = admin): Promise<{ id: string; claim: Claim }> => {
    const made = await slice.http('POST', '/api/v1/sso-providers', { token, body: body({ domains: [domain] }) });
    return { id: made.body.id, claim: made.body.domainClaims[0] };
  };
  const verify = (id: string, domain: string, { token } = admin) =>
    slice.http('POST', `/api/v1/sso-providers/${id}/domains/${domain}/verify`, { token });
  const speaksFor = async (domain: string): Promise<string[]> =>
    (await slice.http('GET', `/api/v1/auth/sso?email=x@${domain}`)).body.providers.map(({ id }: { id: string }) => id);

  it('speak for a domain once its DNS says so, and not by claiming it', async () => {
    const { id, claim } = await claims('Ours.example');
    expect(claim).toEqual({
      domain: 'ours.example',
      verifiedAt: null,
      recordName: '_nexus-challenge.ours.example',
      recordValue: expect.stringMatching(/^nexus-domain-verification=[0-9a-f]{32}$/),
    });
    expect(await speaksFor('ours.example')).toEqual([]);
    const unproven = await verify(id, 'ours.example');
    const { recordName, recordValue } = claim;
    expect([outcome(unproven), unproven.body]).toMatchObject(['422 sso_domain_unproven', { recordName, recordValue }]);
    dns.texts.set(recordName, ['v=something else', `${recordValue} `]);
    expect(outcome(await verify(id, 'ours.example'))).toBe('422 sso_domain_unproven');
    dns.texts.set(recordName, ['v=something else', recordValue]);
    const proven = await verify(id, 'OURS.example');
    expect([proven.status, proven.body.version]).toEqual([200, 2]);
    expect(Date.now() - Date.parse(proven.body.domainClaims[0].verifiedAt)).toBeLessThan(60_000);
    expect(await speaksFor('ours.example')).toEqual([id]);
    dns.texts.clear();
    expect((await verify(id, 'ours.example')).body).toEqual(proven.body); // proven already: nobody is asked
    const acts = await rows(`select after from audit_log where entity = 'sso_domains' and action = 'updated'`);
    expect(acts).toHaveLength(1);
  });

  it('are not required before one of their domains is proven: nobody could log in', async () => {
    const require = (id: string, over: object = {}) =>
      asAdmin('PATCH', `sso-providers/${id}`, { isRequired: true, ...over });
    const { id, claim } = await claims('musts.example');
    expect(outcome(await asAdmin('POST', 'sso-providers', body({ isRequired: true, clientId: 'at-once' })))).toBe(
      '422 sso_required_unproven',
    );
    expect(outcome(await require(id))).toBe('422 sso_required_unproven');
    expect(outcome(await require(id, { isEnabled: false }))).toBe('200'); // it keeps nobody out
    expect(outcome(await require(id, { isEnabled: true }))).toBe('422 sso_required_unproven');
    dns.texts.set(claim.recordName, [claim.recordValue]);
    await verify(id, 'musts.example');
    expect(outcome(await require(id, { isEnabled: true }))).toBe('422 break_glass_missing'); // the next bar
    await rows('update sso_providers set is_required = true, is_enabled = true where id = $1', [id]);
    expect(outcome(await asAdmin('PATCH', `sso-providers/${id}`, { domains: ['other.example'] }))).toBe(
      '422 sso_required_unproven',
    );
    expect(
      outcome(await asAdmin('PATCH', `sso-providers/${id}`, { isRequired: false, domains: ['other.example'] })),
    ).toBe('200');
  });

  it('prove no domain while no DNS server answers, nor one that they do not claim', async () => {
    const { id, claim } = await claims('ours.example');
    dns.texts.set(claim.recordName, [claim.recordValue]);
    dns.isBroken = true;
    const unknown = await verify(id, 'ours.example');
    expect([outcome(unknown), unknown.headers['retry-after']]).toEqual(['503 dns_unavailable', '30']);
    for (const [domain, who] of [
      ['theirs.example', admin],
      ['ours.example', south],
    ] as const)
      expect(outcome(await verify(id, domain, who))).toBe('404 not_found');
    expect(await speaksFor('ours.example')).toEqual([]);
  });

  it('keep nobody from claiming a domain, and of all who prove it at once one has it', async () => {
    const both = [await claims('contested.example'), await claims('contested.example', south)];
    expect(both[0]!.claim.recordValue).not.toBe(both[1]!.claim.recordValue);
    dns.texts.set(both[0]!.claim.recordName, [both[0]!.claim.recordValue]);
    expect(outcome(await verify(both[1]!.id, 'contested.example', south))).toBe('422 sso_domain_unproven');
    dns.texts.set(
      both[0]!.claim.recordName,
      both.map(({ claim }) => claim.recordValue),
    );
    const proofs = both.map(({ id }, index) => verify(id, 'contested.example', index ? south : admin));
    const outcomes = (await Promise.all(proofs)).map(outcome);
    expect([...outcomes].sort()).toEqual(['200', '409 sso_domain_taken']);
    expect(await speaksFor('contested.example')).toEqual([both[outcomes.indexOf('200')]!.id]);
  });

  it('have to prove a domain anew that they gave up', async () => {
    const { id, claim } = await claims('ours.example');
    dns.texts.set(claim.recordName, [claim.recordValue]);
    await verify(id, 'ours.example');
    await asAdmin('PATCH', `sso-providers/${id}`, { domains: ['other.example'] });
    const again = await asAdmin('PATCH', `sso-providers/${id}`, { domains: ['ours.example'] });
    expect(again.body.domainClaims[0].verifiedAt).toBeNull();
    expect(outcome(await verify(id, 'ours.example'))).toBe('422 sso_domain_unproven');
    const kept = await asAdmin('PATCH', `sso-providers/${id}`, { name: 'Renamed', domains: ['ours.example'] });
    expect(kept.body.domainClaims[0].recordValue).toBe(again.body.domainClaims[0].recordValue);
  });

  it('belong to their tenant, and are for those who may, with a fresh proof', async () => {
    const made = await asAdmin('POST', 'sso-providers', body());
    const other = await signIn(slice, { grants: MANAGE });
    const clerk = await signIn(slice, { tenantId: north, grants: ['sso-providers:read'] });
    const late = await signIn(slice, { tenantId: north, grants: MANAGE });
    await rows(`update sessions set proven_at = proven_at - interval '10 minutes' where id = $1`, [late.sessionId]);
    const path = `/api/v1/sso-providers/${made.body.id}`;
    const outcomes = [];
    for (const { token } of [other, clerk, late])
      outcomes.push(outcome(await slice.http('PATCH', path, { token, body: { name: 'Mine' } })));
    expect(outcomes).toEqual(['404 not_found', '403 permission_missing', '403 step_up_required']);
    expect((await slice.http('GET', path, { token: other.token })).status).toBe(404);
    expect((await slice.http('GET', path, { token: clerk.token })).status).toBe(200);
    expect((await asAdmin('DELETE', `sso-providers/${made.body.id}`)).status).toBe(204);
  });
});
