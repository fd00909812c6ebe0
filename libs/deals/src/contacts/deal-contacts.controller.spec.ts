import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const SELLING = [
  ...['deals:read_all', 'deals:create', 'deals:update_all', 'customers:create', 'customers:read_all'],
  ...['customers:update_all', 'customers:merge', 'companies:create', 'companies:read', 'companies:delete'],
];

describe('With whom a deal is made', () => {
  let slice: Slice;
  let [mira, eve, clerk]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    mira = await signIn(slice, { grants: SELLING });
    eve = await signIn(slice, { grants: SELLING, tenantId: OTHER_TENANT });
    clerk = await signIn(slice, { grants: ['deals:read_all', 'deals:update_all'] });
  });
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, who = mira) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body });
  const made = async (path: string, body: object, who = mira): Promise<string> =>
    (await call('POST', path, body, who)).body.id;
  const aCompany = (who = mira) => made('companies', { name: 'Blue Mill' }, who);
  const aCustomer = (firstName = 'Grace', who = mira) => made('customers', { firstName, lastName: 'Hopper' }, who);
  const aDeal = (over: object = {}) => made('deals', { name: newId(), ...over });
  const join = (deal: string, customer: string, role: unknown = 'Decides', who = mira) =>
    call('PUT', `deals/${deal}/contacts/${customer}`, { role }, who);
  const rolesAt = async (deal: string): Promise<string[]> => {
    const { body } = await call('GET', `deals/${deal}/contacts`);
    return body.data.map(({ name, role }: { name: string; role: string }) => `${name}: ${role}`);
  };

  it('is a company, by which deals are listed and shown', async () => {
    const companyId = await aCompany();
    const id = await aDeal({ companyId });
    await aDeal();
    expect((await call('GET', `deals?companyId=${companyId}&include=company`)).body.data).toMatchObject([
      { id, companyId, company: { id: companyId, name: 'Blue Mill' } },
    ]);
    expect((await call('PATCH', `deals/${id}`, { companyId: null })).body.companyId).toBeNull();
    const twins = [await aDeal({ companyId, name: 'Twins' }), await aDeal({ companyId, name: 'twins' })];
    expect((await call('GET', `deals/${twins[0]}/duplicates`)).body.data).toMatchObject([{ id: twins[1] }]);
  });

  it('is no company that is not there, in the trash, or another tenant’s', async () => {
    const [gone, theirs] = [await aCompany(), await aCompany(eve)];
    const id = await aDeal({ companyId: gone });
    await call('DELETE', `companies/${gone}`);
    for (const companyId of [gone, theirs, newId()])
      expect((await call('POST', 'deals', { name: 'x', companyId })).body).toMatchObject({
        ...{ status: 422, code: 'company_unknown', errors: [{ pointer: '/companyId' }] },
      });
    expect((await call('PATCH', `deals/${id}`, { companyId: gone, name: 'Same company' })).status).toBe(200);
    expect((await call('POST', 'deals', { name: 'x', companyId: 'blue' })).status).toBe(400);
  });

  it('are people, each with a role, said again with another one', async () => {
    const [deal, grace, ada] = [await aDeal(), await aCustomer(), await aCustomer('Ada')];
    expect((await join(deal, grace)).status).toBe(204);
    await join(deal, ada, 'Uses it');
    await join(deal, grace, 'Signs');
    expect((await rolesAt(deal)).sort()).toEqual(['Ada Hopper: Uses it', 'Grace Hopper: Signs']);
    expect((await call('GET', `deals/${deal}`)).body.version).toBe(4);
    expect((await call('DELETE', `deals/${deal}/contacts/${ada}`)).status).toBe(204);
    expect((await call('DELETE', `deals/${deal}/contacts/${ada}`)).status).toBe(404);
    expect(await rolesAt(deal)).toEqual(['Grace Hopper: Signs']);
  });

  it('join once, however often at once', async () => {
    const [deal, grace] = [await aDeal(), await aCustomer()];
    const answers = await Promise.all(Array.from({ length: 6 }, () => join(deal, grace)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(6).fill(204));
    expect(await rolesAt(deal)).toEqual(['Grace Hopper: Decides']);
  });

  it('are nobody whom one may not read, and nobody of another tenant; what is over stays', async () => {
    const [deal, grace, theirs] = [await aDeal(), await aCustomer(), await aCustomer('Eve', eve)];
    expect((await join(deal, theirs)).status).toBe(404);
    expect((await join(deal, newId())).status).toBe(404);
    expect((await join(deal, grace, 'x', clerk)).status).toBe(404);
    expect((await join(deal, grace, 'x', eve)).status).toBe(404);
    for (const role of ['', 5, null, 'two\nlines', 'x'.repeat(101)])
      expect((await join(deal, grace, role)).status).toBe(400);
    await call('POST', `deals/${deal}/win`);
    expect((await join(deal, grace)).body.code).toBe('deal_not_open');
    expect((await call('GET', `deals/${deal}/contacts`, undefined, eve)).status).toBe(404);
  });

  it('follow whoever is merged, and come back with them', async () => {
    const [one, both] = [await aDeal(), await aDeal()];
    const [survivor, loser] = [await aCustomer('Grace'), await aCustomer('G.')];
    await join(one, loser);
    await join(both, loser, 'Pays');
    await join(both, survivor, 'Signs');
    const { body } = await call('POST', 'customers/merge', { survivorId: survivor, loserId: loser });
    expect([await rolesAt(one), (await rolesAt(both)).sort()]).toEqual([
      ['Grace Hopper: Decides'],
      ['G. Hopper: Pays', 'Grace Hopper: Signs'],
    ]);
    expect((await call('POST', `merges/${body.id}/undo`)).status).toBe(200);
    expect(await rolesAt(one)).toEqual(['G. Hopper: Decides']);
  });
});
