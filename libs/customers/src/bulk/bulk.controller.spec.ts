import { newId } from '@app/kernel';
import { type SignedIn, signIn } from '@app/auth/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerPermissions as may } from '../customer.policy.js';
import { customersContexts } from '../testing.js';

describe('customers in bulk', () => {
  let slice: Slice;
  let admin: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    admin = await signIn(slice, { grants: Object.values(may) });
  });
  afterAll(() => slice.close());

  const send = (operations: unknown, headers: Record<string, string> = {}, { token }: SignedIn = admin) =>
    slice.http('POST', '/api/v1/customers/bulk', { token, headers, body: { operations } });
  const create = async (email = `${newId()}@okafor.example`) =>
    (await send([{ op: 'create', data: { firstName: 'Mira', email } }])).body.data[0];

  it('answers for each operation, and what is refused leaves the others as they are', async () => {
    const { id } = await create('taken@okafor.example');
    const { status, body } = await send([
      { op: 'create', data: { firstName: 'Twin', email: 'taken@okafor.example' } },
      { op: 'create', data: { firstName: '', colour: 'red' } },
      { op: 'update', id, version: 1, data: { company: 'Okafor Logistics' } },
      { op: 'update', id, version: 1, data: { company: 'Stale' } },
      { op: 'status', id, data: { status: 'customer' } },
      { op: 'status', id, data: { status: 'lead' } },
      { op: 'assign', id, data: { userId: admin.userId } },
      { op: 'trash', id: newId() },
      { op: 'trash', id, data: { reason: 'spam' } },
      { op: 'restore', id },
    ]);
    expect(status).toBe(200);
    expect(
      body.data.map((one: { status: number; problem: { code: string } | null }) => [one.status, one.problem?.code]),
    ).toEqual([
      [409, 'email_taken'],
      [400, 'validation_failed'],
      [200, undefined],
      [412, 'version_conflict'],
      [200, undefined],
      [409, 'invalid_transition'],
      [200, undefined],
      [404, 'not_found'],
      [200, undefined],
      [200, undefined],
    ]);
    expect(body.data[1].problem.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/colour',
      '/firstName',
    ]);
    expect(body.data[9]).toEqual({ index: 9, op: 'restore', status: 200, id, version: 6, problem: null });
    expect(body.meta).toEqual({ total: 10, succeeded: 5, failed: 5 });
  });

  it('goes on after a refusal also inside the one transaction of an Idempotency-Key', async () => {
    const { id } = await create('once@okafor.example');
    const operations = [
      { op: 'create', data: { firstName: 'Twin', email: 'once@okafor.example' } },
      { op: 'update', id, data: { company: 'Okafor Logistics' } },
    ];
    const first = await send(operations, { 'idempotency-key': 'bulk' });
    expect(first.body.data).toMatchObject([{ status: 409 }, { status: 200, version: 2 }]);
    const again = await send(operations, { 'idempotency-key': 'bulk' });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it('asks for the permission of each operation, and keeps to its reach', async () => {
    const { id } = await create();
    const clerk = await signIn(slice, { grants: ['customers:create', 'customers:update_own'] });
    const { body } = await send(
      [
        { op: 'create', data: { firstName: 'Mine' } },
        { op: 'update', id, data: {} },
        { op: 'trash', id },
        { op: 'trash', id },
      ],
      {},
      clerk,
    );
    expect(body.data).toMatchObject([
      { status: 201 },
      { status: 404 },
      { status: 403, problem: { code: 'permission_missing' } },
      { status: 403, problem: { code: 'permission_missing' } },
    ]);
    const denied =
      "select after->>'permission' as permission from audit_log where entity = 'routes' and action = 'denied'";
    expect((await slice.superuser.query(denied)).rows).toEqual([{ permission: 'customers:delete' }]);
  });

  it.each<[string, unknown]>([
    ['nothing', []],
    ['too many', Array.from({ length: 501 }, () => ({ op: 'restore', id: newId() }))],
    ['an unknown operation', [{ op: 'purge', id: newId() }]],
    ['a record without its id', [{ op: 'trash' }]],
    ['what is no list', { op: 'trash' }],
  ])('refuses %s', async (_, operations) => {
    expect((await send(operations)).status).toBe(400);
  });
});
