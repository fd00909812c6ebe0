import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aTenant, authContexts, signIn, type SignedIn } from '../testing.js';

const MANAGE = ['sso-providers:manage', 'sso-providers:read', 'users:update'];

describe('Identity providers', () => {
  let slice: Slice;
  let north: string;
  let admin: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    north = await aTenant(slice, 'north');
    admin = await signIn(slice, { tenantId: await aTenant(slice, 'south'), grants: MANAGE });
    expect((await asAdmin('POST', 'sso-providers', body({ domains: ['taken.example'] }))).status).toBe(201);
    admin = await signIn(slice, { tenantId: north, grants: MANAGE });
  });
  afterAll(() => slice?.close());

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
    [{ domains: ['TAKEN.example'] }, '409 sso_domain_taken'],
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
    await slice.superuser.query(`select set_config('app.actor_id', $1, false)`, [admin.userId]);
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
    await rows('delete from sso_providers where id = $1', [made.body.id]);
  });
  it('of two tenants that claim a domain at once get it in one', async () => {
    const south = await signIn(slice, { tenantId: await aTenant(slice, 'far-south'), grants: MANAGE });
    const claims = Array.from({ length: 6 }, (_, n) =>
      slice.http('POST', '/api/v1/sso-providers', {
        token: (n % 2 ? admin : south).token,
        body: body({ clientId: `client ${n}`, domains: ['contested.example'] }),
      }),
    );
    const outcomes = (await Promise.all(claims)).map(outcome);
    expect(outcomes.sort()).toEqual(['201', ...Array<string>(5).fill('409 sso_domain_taken')]);
    await rows(`select set_config('app.actor_id', $1, false)`, [admin.userId]);
    await rows(
      'delete from sso_providers p using sso_domains d where d.tenant_id = p.tenant_id and d.provider_id = p.id and d.domain = $1',
      ['contested.example'],
    );
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
