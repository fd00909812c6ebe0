import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersContexts } from '../testing.js';

const GRANTS = ['customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all'];

describe('Who brought a customer', () => {
  let slice: Slice;
  let [boss, clerk, foreigner]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: GRANTS });
    clerk = await signIn(slice, { grants: ['customers:create', 'customers:read_own', 'customers:update_own'] });
    await ensureTenant(slice, OTHER_TENANT);
    foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
  });
  afterAll(() => slice.close());

  const aCustomer = async (who = boss): Promise<string> =>
    (await slice.http('POST', '/api/v1/customers', { token: who!.token, body: { firstName: 'Mira' } })).body.id;
  const refer = (id: string, customerId: string | null, who = boss, headers: Record<string, string> = {}) =>
    slice.http('PUT', `/api/v1/customers/${id}/referrer`, { token: who!.token, body: { customerId }, headers });
  const list = (query: string) => slice.http('GET', `/api/v1/customers?${query}`, { token: boss!.token });

  it('is said once, told of, and taken back', async () => {
    const [ada, bob, cleo] = [await aCustomer(), await aCustomer(), await aCustomer()];
    expect(await refer(bob, ada)).toMatchObject({ status: 200, body: { referredBy: ada, version: 2 } });
    expect((await refer(bob, ada)).body).toMatchObject({ version: 2 });
    expect(await refer(bob, cleo)).toMatchObject({ status: 409, body: { code: 'already_referred', referredBy: ada } });
    expect((await list(`referredBy=${ada}`)).body.data).toEqual([expect.objectContaining({ id: bob })]);
    expect((await refer(bob, null)).body).toMatchObject({ referredBy: null });
    expect((await refer(bob, cleo, boss, { 'if-match': '"1"' })).status).toBe(412);
    expect((await refer(bob, cleo)).body).toMatchObject({ referredBy: cleo });
    const told = await slice.superuser.query(
      `select payload from outbox where type = 'customers.referred' and payload->>'customerId' = $1 order by id`,
      [bob],
    );
    expect(told.rows.map(({ payload }) => payload.referredBy)).toEqual([ada, null, cleo]);
  });

  it('is not the customer itself, nor anybody whom it brought, over however many', async () => {
    const chain: string[] = [];
    for (let n = 0; n < 6; n++) chain.push(await aCustomer());
    for (let n = 1; n < chain.length; n++) expect((await refer(chain[n]!, chain[n - 1]!)).status).toBe(200);
    const cycle = { status: 422, body: { code: 'referral_cycle', errors: [{ pointer: '/customerId' }] } };
    expect(await refer(chain[0]!, chain[0]!)).toMatchObject(cycle);
    expect(await refer(chain[0]!, chain[1]!)).toMatchObject(cycle);
    expect(await refer(chain[0]!, chain[5]!)).toMatchObject(cycle);
    expect((await refer(chain[3]!, null)).status).toBe(200);
    expect((await refer(chain[0]!, chain[5]!)).status).toBe(200);
  });

  it('has no cycle when all say so at once', async () => {
    for (let round = 0; round < 5; round++) {
      const ring = await Promise.all(Array.from({ length: 6 }, () => aCustomer()));
      const said = await Promise.all(ring.map((id, n) => refer(id, ring[(n + 1) % ring.length]!)));
      expect(said.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 422]);
    }
  });

  it('is somebody whom the writer may see, of the same tenant, and not in the trash', async () => {
    const [theirs, mine, stranger, gone] = [
      await aCustomer(),
      await aCustomer(clerk),
      await aCustomer(foreigner),
      await aCustomer(),
    ];
    await slice.http('DELETE', `/api/v1/customers/${gone}`, { token: boss!.token });
    expect((await refer(mine, theirs, clerk)).status).toBe(404);
    expect((await refer(theirs, mine, clerk)).status).toBe(404);
    expect((await refer(mine, stranger)).status).toBe(404);
    expect((await refer(stranger, mine)).status).toBe(404);
    expect((await refer(mine, gone)).status).toBe(404);
    expect((await refer(gone, mine)).body).toMatchObject({ code: 'customer_in_trash' });
    expect((await refer(mine, newId())).status).toBe(404);
    const reader = await signIn(slice, { grants: ['customers:read_all'] });
    expect((await refer(mine, theirs, reader)).body).toMatchObject({ status: 403, permission: 'customers:update' });
  });

  it('is listed by an index', async () => {
    const plan = await slice.as(boss!.actor, async () => {
      return slice.db.transaction(async () => {
        await slice.db.query('set local enable_seqscan = off');
        return slice.db.query(
          'explain select c.id from customers c where c.deleted_at is null and c.referred_by = $1 order by c.created_at desc, c.id desc limit 21',
          [newId()],
        );
      });
    });
    expect(JSON.stringify(plan)).toContain('customers_by_referrer');
  });
});
