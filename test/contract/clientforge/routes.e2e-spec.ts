import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from '../../support/nexus.js';

type Row = { id: string; createdAt: string };

/** `page`, `limit`, `sort` and `order` of ClientForge's README. */
const PAGED = 'page=1&limit=3&sort=createdAt&order=desc';

/** The records of ClientForge's README: contacts, deals and tasks, notes and files on them, as its clients ask for them. */
describe('ClientForge: contacts, deals and tasks', () => {
  let nexus: Nexus;
  let manager: Client;

  beforeAll(async () => {
    nexus = await Nexus.start({ workers: 0 });
    manager = await nexus.login('manager');
  });
  afterAll(() => nexus.stop());

  const RECORDS = [
    ['contacts', { firstName: 'John', lastName: 'Doe', email: 'john@example.com' }, { company: 'Doe & Co' }],
    ['deals', { name: 'Ten lamps', amount: 120_000 }, { name: 'Twelve lamps', amount: 140_000 }],
    ['tasks', { title: 'Call back' }, { title: 'Call back today' }],
  ] as const;

  it.each(RECORDS)('%s are created, read, updated and deleted', async (path, given, change) => {
    const made = await manager.post(path, given);
    expect(made).toMatchObject({ status: 201, body: { ...given, id: expect.any(String) } });
    const { id } = made.body;
    expect(made.headers.get('location')).toBe(`/api/v1/${path}/${id}`);
    expect(await manager.get(`${path}/${id}`)).toMatchObject({ status: 200, body: { id, ...given } });
    expect(await manager.put(`${path}/${id}`, { ...given, ...change })).toMatchObject({ status: 200, body: change });
    expect((await manager.delete(`${path}/${id}`)).status).toBe(204);
    expect((await manager.get(`${path}/${id}`)).status).toBe(404);
  });

  it.each(RECORDS)('%s are listed page by page, in the order that is asked for', async (path) => {
    const first = await manager.get(`${path}?${PAGED}`);
    expect(first.status).toBe(200);
    expect(first.body.meta).toMatchObject({ page: 1, limit: 3, hasNext: true, hasPrev: false });
    const second = await manager.get(`${path}?${PAGED.replace('page=1', 'page=2')}`);
    const rows = [...first.body.data, ...second.body.data] as Row[];
    expect(new Set(rows.map(({ id }) => id)).size).toBe(6);
    const times = rows.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    const upwards = await manager.get(`${path}?${PAGED.replace('desc', 'asc')}`);
    const oldest = (upwards.body.data as Row[]).map(({ createdAt }) => createdAt);
    expect(oldest).toEqual([...oldest].sort());
    for (const wrong of ['page=0', 'limit=101', 'limit=many', 'sort=password', 'order=sideways'])
      expect((await manager.get(`${path}?${wrong}`)).status).toBe(400);
  });

  it('a contact is a customer under another name', async () => {
    const email = 'jane@example.com';
    const { id } = (await manager.post('contacts', { firstName: 'Jane', email })).body;
    expect(await manager.get(`customers/${id}`)).toMatchObject({ status: 200, body: { email, status: 'lead' } });
    expect(await manager.post('contacts', { firstName: 'Jane', email })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
    expect((await manager.put(`contacts/${id}`, { company: 'Doe & Co' })).body).toMatchObject({
      ...{ firstName: 'Jane', email, company: 'Doe & Co' },
    });
    expect((await manager.post('contacts', { firstName: 'Jane', points: 5 })).status).toBe(400);
  });

  it('a contact that was merged leads to the one that it is', async () => {
    const [jane, other] = await Promise.all(
      ['Jane', 'J.'].map(async (firstName) => (await manager.post('contacts', { firstName })).body.id as string),
    );
    await manager.post('customers/merge', { survivorId: jane, loserId: other });
    const followed = await manager.get(`contacts/${other}`); // fetch follows the redirect
    expect(followed).toMatchObject({ status: 200, body: { id: jane, firstName: 'Jane' } });
    expect(Object.keys(followed.body).sort()).toEqual(Object.keys((await manager.get(`contacts/${jane}`)).body).sort());
  });

  it('notes and files hang on each of them', async () => {
    const { id } = (await manager.post('contacts', { firstName: 'Noted' })).body;
    const on = { recordKind: 'customers', recordId: id };
    expect((await manager.post('notes', { ...on, body: 'Prefers to be called.' })).status).toBe(201);
    expect((await manager.get(`notes?recordId=${id}`)).body.data).toMatchObject([{ body: 'Prefers to be called.' }]);
    const raw = { type: 'application/octet-stream', body: Buffer.from('Signed.') };
    const file = await manager.post(`files?recordKind=customers&recordId=${id}&name=contract.txt`, undefined, { raw });
    expect(file).toMatchObject({ status: 201, body: { name: 'contract.txt' } });
    expect((await manager.get(`files?recordId=${id}`)).body.data).toMatchObject([{ id: file.body.id }]);
  });
});
