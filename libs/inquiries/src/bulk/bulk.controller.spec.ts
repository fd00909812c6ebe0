import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const EVERYTHING = ['read_all', 'create', 'update_all', 'assign_all', 'delete'].map((what) => `inquiries:${what}`);

describe('Inquiries in bulk', () => {
  let slice: Slice;
  let mira: SignedIn;
  let customerId: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock: new FixedClock(NOW) });
    mira = await signIn(slice, { grants: [...EVERYTHING, 'customers:read_all'] });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice?.close());

  const post = (path: string, body: unknown, { token } = mira, headers = {}) =>
    slice.http('POST', `/api/v1/inquiries${path}`, { token, body, headers });
  const send = (operations: unknown, by = mira, headers = {}) => post('/bulk', { operations }, by, headers);
  const record = async () =>
    (await post('', { customerId, subject: 'Where is it?', message: 'Late.' })).body.id as string;
  const view = async (id: string) => (await slice.http('GET', `/api/v1/inquiries/${id}`, { token: mira.token })).body;
  type Result = { status: number; problem: { code: string } | null };
  const outcomes = (results: Result[]) => results.map(({ status, problem }) => [status, problem?.code]);

  it('answers for each operation, and what is refused leaves the others as they are', async () => {
    const [id, spam] = [await record(), await record()];
    const until = '2031-03-04T08:00:00Z';
    const { status, body } = await send([
      { op: 'update', id, version: 1, data: { priority: 'high' } },
      { op: 'update', id, version: 1, data: { priority: 'low' } },
      { op: 'update', id, data: { colour: 'red' } },
      { op: 'assign', id, data: { assignedTo: mira.userId } },
      { op: 'assign', id, data: { assignedTo: newId() } },
      { op: 'snooze', id, data: { until } },
      { op: 'status', id, data: { status: 'open' } },
      { op: 'status', id, data: { status: 'closed' } },
      { op: 'spam', id: spam },
      { op: 'restore', id: spam },
      { op: 'trash', id: newId() },
      { op: 'trash', id: spam },
    ]);
    expect(status).toBe(200);
    expect(outcomes(body.data)).toEqual([
      [200, undefined],
      [412, 'version_conflict'],
      [400, 'validation_failed'],
      [200, undefined],
      [422, 'assignee_unknown'],
      [200, undefined],
      [200, undefined],
      [409, 'invalid_transition'],
      [200, undefined],
      [200, undefined],
      [404, 'not_found'],
      [200, undefined],
    ]);
    expect(body.meta).toEqual({ total: 12, succeeded: 7, failed: 5 });
    const last = body.data[6];
    expect(last).toEqual({ index: 6, op: 'status', id, status: 200, version: last.version, problem: null });
    expect(await view(id)).toMatchObject({
      ...{ priority: 'high', assignedTo: mira.userId, status: 'open', snoozedUntil: null },
      version: last.version,
    });
    expect(await view(spam)).toMatchObject({ status: 404 });
  });

  it('goes on after a refusal also inside the one transaction of an Idempotency-Key', async () => {
    const id = await record();
    const operations = [
      { op: 'assign', id, data: { assignedTo: newId() } },
      { op: 'update', id, data: { priority: 'urgent' } },
    ];
    const first = await send(operations, mira, { 'idempotency-key': 'bulk' });
    expect(outcomes(first.body.data)).toEqual([
      [422, 'assignee_unknown'],
      [200, undefined],
    ]);
    const again = await send(operations, mira, { 'idempotency-key': 'bulk' });
    expect([again.headers['idempotent-replayed'], again.body]).toEqual(['true', first.body]);
    expect(await view(id)).toMatchObject({ priority: 'urgent', version: 2 });
  });

  it('asks for the permission of each operation, keeps to its reach, and puts a denial on record once', async () => {
    const id = await record();
    const clerk = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:update_own'] });
    const { body } = await send(
      [
        { op: 'update', id, data: { priority: 'low' } },
        { op: 'trash', id },
        { op: 'trash', id },
      ],
      clerk,
    );
    expect(outcomes(body.data)).toEqual([
      [403, 'out_of_reach'],
      [403, 'permission_missing'],
      [403, 'permission_missing'],
    ]);
    const { rows } = await slice.superuser.query(
      `select after->>'permission' as permission from audit_log where action = 'denied' and actor_id = $1 order by id`,
      [clerk.userId],
    );
    expect(rows).toEqual([{ permission: 'inquiries:update' }, { permission: 'inquiries:delete' }]);
    expect(await view(id)).toMatchObject({ priority: 'normal', version: 1 });
  });

  it('shows nothing of another tenant', async () => {
    const id = await record();
    const stranger = await signIn(slice, { tenantId: newId(), grants: EVERYTHING });
    const { body } = await send([{ op: 'spam', id }], stranger);
    expect(outcomes(body.data)).toEqual([[404, 'not_found']]);
  });

  it.each<[string, unknown]>([
    ['nothing', []],
    ['too many', Array.from({ length: 101 }, () => ({ op: 'spam', id: newId() }))],
    ['an unknown operation', [{ op: 'purge', id: newId() }]],
    ['a record without its id', [{ op: 'spam' }]],
    ['what is no list', { op: 'spam' }],
  ])('refuses %s', async (_, operations) => {
    expect((await send(operations)).status).toBe(400);
  });
});
