import { bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { authContexts, signIn } from '../testing.js';

describe('A tenant', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
  });
  afterAll(() => slice?.close());

  it('is seen by its own people and changed by those who may', async () => {
    const reader = await signIn(slice);
    const keeper = await signIn(slice, { grants: ['tenants:manage'] });
    await signIn(slice, { tenantId: OTHER_TENANT });
    const url = '/api/v1/tenants/current';
    expect((await slice.http('GET', url, { token: reader.token })).body).toMatchObject({
      id: TENANT,
      status: 'active',
    });
    expect((await slice.http('PATCH', url, { token: reader.token, body: { title: 'X' } })).status).toBe(403);
    const changed = await slice.http('PATCH', url, {
      token: keeper.token,
      body: { title: 'Demo Ltd', zone: 'Europe/Berlin' },
    });
    expect(changed.body).toMatchObject({ title: 'Demo Ltd', zone: 'Europe/Berlin', version: 2 });
    for (const body of [
      { status: 'suspended' },
      { slug: 'other' },
      { id: OTHER_TENANT },
      { title: null },
      { zone: 'Nowhere' },
    ]) {
      expect((await slice.http('PATCH', url, { token: keeper.token, body })).status).toBe(400);
    }
  });

  it('has a slug of its own, fit for an address', async () => {
    const auth = slice.get(AuthFacade);
    await auth.createTenant({ slug: 'acme', title: 'Acme' });
    await expect(auth.createTenant({ slug: 'acme', title: 'Acme' })).rejects.toMatchObject({
      code: 'tenant_slug_taken',
    });
    for (const slug of ['', 'Acme', 'a b', '-a', 'a'.repeat(64)])
      await expect(auth.createTenant({ slug, title: 'x' })).rejects.toMatchObject({ code: 'tenant_slug_invalid' });
    expect(await auth.activeTenants()).toContainEqual({
      id: expect.any(String),
      slug: 'acme',
      title: 'Acme',
      zone: 'UTC',
    });
  });

  it('begins with its roles and schedules in one commit', async () => {
    const { id } = await slice.get(AuthFacade).createTenant({ slug: 'whole', title: 'Whole' });
    const count = async (table: string) =>
      (await slice.superuser.query(`select 1 from ${table} where tenant_id = $1`, [id])).rowCount;
    expect([await count('roles'), (await count('schedules'))! > 0]).toEqual([9, true]);
  });
});
