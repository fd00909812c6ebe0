import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersContexts } from '../testing.js';

const EDITS = ['customers:create', 'customers:read_all', 'customers:update_all', 'customers:assign_all'];
const FIELDS = ['custom-fields:manage', 'custom-fields:read', 'custom-fields:read-personal'];
const NIGHT = { start: '21:00', end: '08:00' };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

describe('Restoring fields of a customer', () => {
  let slice: Slice;
  let boss: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: [...EDITS, ...FIELDS, 'customers:delete_all'] });
    for (const [key, isPersonal] of [
      ['shoeSize', false],
      ['passport', true],
    ] as const)
      await call('POST', 'custom-fields', { recordKind: 'customers', key, label: key, type: 'text', isPersonal });
  });
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, who = boss, headers: Record<string, string> = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: who.token, body, headers });
  const aCustomer = async (over: object = {}): Promise<string> =>
    (await call('POST', 'customers', { firstName: 'Mira', lastName: 'Okafor', ...over })).body.id;
  const patch = async (id: string, body: object): Promise<number> => {
    expect((await call('PATCH', `customers/${id}`, body)).status).toBe(200);
    return (await call('GET', `customers/${id}/history?limit=1`)).body.data[0].id;
  };
  const restore = (id: string, change: number | string, fields: string[], who = boss, headers = {}) =>
    call('POST', `customers/${id}/history/${change}/restore`, { fields }, who, headers);
  const faults = ({ body }: { body: { code: string; errors: { pointer: string; code: string }[] } }) =>
    body.code === 'not_restorable' && body.errors.map(({ pointer, code }) => `${pointer} ${code}`);

  it('sets those named to what they were, and leaves what came after', async () => {
    const email = `${newId()}@okafor.example`;
    const before = {
      ...{ email, phone: '+4930123456', company: 'Okafor', birthday: '1986-05-17', quietHours: NIGHT },
      ...{ metadata: { a: 1, b: { c: 2 } }, customFields: { shoeSize: '42' } },
    };
    const id = await aCustomer(before);
    const change = await patch(id, {
      ...{ lastName: 'Berg', email: `${newId()}@berg.example`, phone: null, company: null, birthday: null },
      ...{ quietHours: null, metadata: { a: null, d: 3 }, customFields: { shoeSize: null } },
    });
    await patch(id, { firstName: 'Miriam', metadata: { e: 4 } });
    const fields = [...Object.keys(before).filter((name) => name !== 'customFields'), 'cf.shoeSize'];
    const { status, body } = await restore(id, change, fields);
    expect({ status, body }).toMatchObject({ status: 200, body: { restored: fields, unchanged: [] } });
    expect(body.customer).toMatchObject({ ...before, firstName: 'Miriam', lastName: 'Berg', version: 4 });
    expect(body.customer.metadata).toEqual(before.metadata);
    const [told, update] = (await call('GET', `customers/${id}/history?limit=2`)).body.data;
    expect(told).toMatchObject({ action: 'reverted', actorId: boss.actor.id, after: { changeId: change, fields } });
    expect(update).toMatchObject({ action: 'updated', after: { company: 'Okafor' } });
  });

  it('does nothing, and says so, where the value is what it was', async () => {
    const id = await aCustomer({ company: 'Okafor' });
    const change = await patch(id, { company: 'Berg', lastName: 'Berg' });
    await patch(id, { company: 'Okafor' });
    expect((await restore(id, change, ['company'])).body).toMatchObject({
      ...{ restored: [], unchanged: ['company'], customer: { version: 3 } },
    });
    expect((await call('GET', `customers/${id}/history?action=reverted`)).body.data).toEqual([]);
    expect((await restore(id, change, ['company', 'lastName'])).body).toMatchObject({
      ...{ restored: ['lastName'], unchanged: ['company'] },
    });
  });

  it('refuses what has a verb of its own, and what the change did not touch, each by name', async () => {
    const id = await aCustomer();
    await call('POST', `customers/${id}/status`, { status: 'customer' });
    const moved = (await call('GET', `customers/${id}/history?limit=1`)).body.data[0].id;
    const fields = ['status', 'wonAt', 'level', 'levelPin', 'assignedTo', 'contactPoints', 'customFields', 'nothing'];
    expect(faults(await restore(id, moved, [...fields, 'lastName', 'cf.shoeSize']))).toEqual([
      ...fields.map((_, at) => `/fields/${at} not_restorable`),
      ...['/fields/8 not_changed', '/fields/9 not_changed'],
    ]);
    const created = (await call('GET', `customers/${id}/history?action=created`)).body.data[0].id;
    expect(faults(await restore(id, created, ['lastName']))).toEqual(['/fields/0 not_changed']);
    expect((await call('GET', `customers/${id}`)).body).toMatchObject({ status: 'customer', version: 2 });
  });

  it('tells nobody of what they may not see', async () => {
    const id = await aCustomer({ customFields: { passport: 'C01X' } });
    const change = await patch(id, { customFields: { passport: null } });
    const clerk = await signIn(slice, { grants: [...EDITS, 'custom-fields:read'] });
    expect(faults(await restore(id, change, ['cf.passport'], clerk))).toEqual(['/fields/0 not_changed']);
    expect((await restore(id, change, ['cf.passport'])).body.customer.customFields).toEqual({ passport: 'C01X' });
  });

  it('keeps the rules of every other change', async () => {
    const email = `${newId()}@okafor.example`;
    const id = await aCustomer({ email });
    const change = await patch(id, { email: null, lastName: 'Berg' });
    const other = await aCustomer({ email });
    const taken = await restore(id, change, ['lastName', 'email']);
    expect(taken.body).toMatchObject({ status: 409, code: 'email_taken', existingId: other });
    expect((await call('GET', `customers/${id}`)).body).toMatchObject({ lastName: 'Berg', email: null, version: 2 });
    expect((await restore(id, change, ['lastName'], boss, { 'if-match': '"1"' })).status).toBe(412);
    const seen = { 'if-match': '"2"' };
    const answers = await Promise.all([1, 2, 3].map(() => restore(id, change, ['lastName'], boss, seen)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    await call('DELETE', `customers/${id}`);
    expect((await restore(id, change, ['lastName'])).status).toBe(404);
  });

  it('is for whoever reads and changes the customer, and knows no change of another', async () => {
    const [id, other] = [await aCustomer(), await aCustomer()];
    const change = await patch(id, { lastName: 'Berg' });
    const [reader, stranger] = [
      await signIn(slice, { grants: ['customers:read_all'] }),
      await signIn(slice, { grants: ['customers:read_all', 'customers:update_own'] }),
    ];
    expect((await restore(id, change, ['lastName'], reader)).status).toBe(403);
    expect((await restore(id, change, ['lastName'], stranger)).status).toBe(404);
    expect((await restore(other, change, ['lastName'])).status).toBe(404);
    expect((await restore(id, '999999999999999', ['lastName'])).status).toBe(404);
    for (const no of ['0', '-1', '1.5', 'x', '9'.repeat(30)])
      expect((await restore(id, no, ['lastName'])).body).toMatchObject({ status: 400 });
    for (const fields of [[], ['lastName', 'lastName'], 'lastName'])
      expect((await restore(id, change, fields as string[])).body).toMatchObject({ status: 400 });
  });
});
