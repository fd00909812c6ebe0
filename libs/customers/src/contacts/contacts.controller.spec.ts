import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customersContexts } from '../testing.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const GRANTS = [
  'customers:create',
  'customers:read_all',
  'customers:update_all',
  'customers:delete_all',
  'customers:merge',
];

/** ClientForge, README of its backend, "Core Endpoints" and "Pagination". */
describe('Contacts, as ClientForge asks for them', () => {
  let slice: Slice;
  let [boss, clerk, foreigner]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: GRANTS });
    clerk = await signIn(slice, { grants: ['customers:create', 'customers:read_own'] });
    await ensureTenant(slice, OTHER_TENANT);
    foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
  });
  beforeEach(() => slice.empty('customers'));
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, who = boss) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body });
  const aContact = async (over: object = {}, who = boss): Promise<string> =>
    (await call('POST', 'contacts', { firstName: 'Mira', email: `${newId()}@okafor.example`, ...over }, who)).body.id;

  it('are created, read, changed by what is named, and deleted', async () => {
    const email = `${newId()}@okafor.example`;
    const made = await call('POST', 'contacts', { firstName: 'Mira', lastName: 'Okafor', email, company: 'Okafor' });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(`/api/v1/contacts/${made.body.id}`);
    const times = {
      createdAt: expect.stringMatching(/Z$/) as string,
      updatedAt: expect.stringMatching(/Z$/) as string,
    };
    const known = { id: made.body.id, firstName: 'Mira', lastName: 'Okafor', email, phone: null, company: 'Okafor' };
    expect(made.body).toEqual({ ...known, ...times });
    const path = `contacts/${made.body.id}`;
    expect((await call('GET', path)).body).toEqual(made.body);
    expect((await call('PUT', path, { phone: '+4930123456', company: null })).body).toEqual({
      ...{ ...known, phone: '+4930123456', company: null },
      ...times,
    });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('are the customers, whichever door they came in by', async () => {
    const id = await aContact();
    expect((await call('GET', `customers/${id}`)).body).toMatchObject({ id, firstName: 'Mira', status: 'lead' });
    const { body } = await call('POST', 'customers', { firstName: 'Carl' });
    expect((await call('GET', `contacts/${body.id}`)).body).toMatchObject({ id: body.id, firstName: 'Carl' });
  });

  it('are paged as its clients page', async () => {
    for (const firstName of ['A', 'B', 'C']) await aContact({ firstName });
    const page = await call('GET', 'contacts?page=1&limit=2&sort=createdAt&order=desc');
    expect(page.body.data.map(({ firstName }: { firstName: string }) => firstName)).toEqual(['C', 'B']);
    expect(page.body.meta).toMatchObject({ page: 1, limit: 2, total: 3, totalPages: 2, hasNext: true });
    expect(Object.keys(page.body.data[0]).sort()).toEqual(
      ['company', 'createdAt', 'email', 'firstName', 'id', 'lastName', 'phone', 'updatedAt'].sort(),
    );
  });

  it('that were merged lead to the one who goes on', async () => {
    const [survivorId, loserId] = [await aContact(), await aContact()];
    await call('POST', 'customers/merge', { survivorId, loserId });
    const moved = await call('GET', `contacts/${loserId}`);
    expect(moved).toMatchObject({ status: 301, body: { mergedInto: survivorId } });
    expect(moved.headers.location).toBe(`/api/v1/contacts/${survivorId}`);
  });

  it('are refused and hidden as customers are', async () => {
    const id = await aContact();
    expect((await call('POST', 'contacts', { firstName: '', colour: 'red' })).body.errors).toHaveLength(2);
    expect((await call('PUT', `contacts/${id}`, { status: 'customer' })).status).toBe(400);
    expect((await call('GET', `contacts/${id}`, undefined, clerk)).status).toBe(404);
    expect((await call('GET', 'contacts', undefined, clerk)).body.data).toEqual([]);
    expect(await call('PUT', `contacts/${id}`, {}, clerk)).toMatchObject({ status: 403 });
    expect(await call('DELETE', `contacts/${id}`, undefined, clerk)).toMatchObject({ status: 403 });
    for (const method of ['GET', 'PUT', 'DELETE'] as const)
      expect((await call(method, `contacts/${id}`, method === 'PUT' ? {} : undefined, foreigner)).status).toBe(404);
    expect((await slice.http('GET', '/api/v1/contacts')).status).toBe(401);
  });
});
