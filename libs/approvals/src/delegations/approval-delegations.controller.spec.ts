import { type Actor, FixedClock, newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import type { Stage } from '../policies/stage.js';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { approvalsContexts, aStage, tokenFor } from '../testing.js';
import { DOCUMENT, Documents, documentsContext } from '../testing/documents-context.js';

const { read, decide, manage } = ApprovalPermissions;
const DAY_MS = 86_400_000;
const URL = '/api/v1/approvals/delegations';

describe('Delegations of approvals', () => {
  const clock = new FixedClock(new Date());
  const author = anActor([read]);
  const absent = anActor([read, decide], { name: 'Absent' });
  const delegate = anActor([read, decide], { name: 'Delegate' });
  const admin = anActor([read, manage], { name: 'Admin' });
  const token = { absent: '', delegate: '', admin: '' };
  let slice: Slice;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext], clock });
    token.absent = await tokenFor(slice, absent);
    token.delegate = await tokenFor(slice, delegate);
    token.admin = await tokenFor(slice, admin);
  });
  beforeEach(() =>
    slice.empty(
      'approval_delegations',
      'approval_decisions',
      'approval_requests',
      'approval_policies',
      'documents',
      'outbox',
      'deliveries',
      'audit_log',
    ),
  );
  afterAll(() => slice.close());

  const inDays = (days: number): Date => new Date(clock.now().getTime() + days * DAY_MS);
  const wish = (over: object = {}) => ({ toUserId: delegate.id, from: inDays(-1), until: inDays(7), ...over });
  const delegated = (body: object = wish(), as = token.absent) => slice.http('POST', URL, { token: as, body });
  const needs = (...stages: Stage[]) => {
    const rule = { name: 'All', when: { all: [] }, outcome: 'approval' as const, stages };
    const policy = { name: 'Named', allowSelfApproval: false, isActive: true, rules: [rule] };
    return slice.as(admin, () => slice.get(ApprovalPoliciesService).set(DOCUMENT, policy));
  };
  const named = (required = 1, ...ids: string[]) => aStage(required, { kind: 'users', ids });
  const submitted = (excluded: string[] = []) =>
    slice.as(author, () => slice.get(Documents).submitted('Dear customer', { excluded }));
  const decided = (actor: Actor, subjectId: string) =>
    slice.as(actor, () => slice.get(Documents).decide({ subjectId, revision: 1, decision: 'approved', notes: null }));
  const queueOf = async (as: string): Promise<string[]> =>
    (await slice.http('GET', '/api/v1/approvals/queue', { token: as })).body.data.map(({ id }: { id: string }) => id);

  it('let the delegate decide in the place of who is absent, and name both', async () => {
    await needs(named(1, absent.id));
    const { id, request } = await submitted();
    expect(await queueOf(token.delegate)).toEqual([]);
    const { status, body } = await delegated();
    expect([status, body]).toMatchObject([201, { userId: absent.id, toUserId: delegate.id, createdBy: absent.id }]);
    expect(await queueOf(token.delegate)).toEqual([request.id]);
    expect(await decided(delegate, id)).toMatchObject({ status: 'approved', decidedBy: delegate.id });
    const shown = await slice.http('GET', `/api/v1/approvals/${request.id}`, { token: token.absent });
    expect(shown.body.decisions).toMatchObject([{ decidedBy: delegate.id, onBehalfOf: absent.id }]);
    const { rows } = await slice.superuser.query(
      "select actor_id, after from audit_log where entity = 'approval_decisions'",
    );
    expect(rows).toMatchObject([
      { actor_id: delegate.id, after: { decided_by: delegate.id, on_behalf_of: absent.id } },
    ]);
  });

  it('hold from their first instant and not at their last', async () => {
    await needs(named(1, absent.id));
    const { id } = await submitted();
    await delegated(wish({ from: inDays(1), until: inDays(2) }));
    await expect(decided(delegate, id)).rejects.toMatchObject({ code: 'not_called_upon' });
    clock.set(inDays(2));
    await expect(decided(delegate, id)).rejects.toMatchObject({ code: 'not_called_upon' });
    clock.set(inDays(-1));
    expect(await decided(delegate, id)).toMatchObject({ status: 'approved' });
    clock.set(inDays(-1));
  });

  it('give a place one voice: of the two, whoever is first', async () => {
    await needs(named(2, absent.id, delegate.id));
    await delegated();
    const { id } = await submitted();
    expect(await decided(delegate, id)).toMatchObject({ status: 'pending' });
    await expect(decided(delegate, id)).rejects.toMatchObject({ code: 'voice_given' });
    expect(await decided(absent, id)).toMatchObject({ status: 'approved' });

    await needs(named(1, absent.id), aStage(1));
    const second = await submitted();
    await decided(delegate, second.id);
    await expect(decided(absent, second.id)).rejects.toMatchObject({ code: 'voice_given' });
  });

  it('count one voice of both at once', async () => {
    await needs(named(1, absent.id), aStage(2));
    await delegated();
    for (let round = 0; round < 10; round++) {
      const { id } = await submitted();
      const both = await Promise.allSettled([decided(absent, id), decided(delegate, id)]);
      const { rows } = await slice.superuser.query(
        'select d.stage from approval_decisions d join approval_requests r on r.id = d.request_id where r.subject_id = $1 and d.stage = 1',
        [id],
      );
      expect(rows).toHaveLength(1);
      expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    }
  });

  it('lead nobody around the exclusion: neither the delegate nor who is absent had a hand in it', async () => {
    const third = anActor([read, decide]); // so that the stage can be met without either
    await tokenFor(slice, third);
    await needs(named(1, absent.id, third.id));
    await delegated();
    const ofAbsent = await submitted([absent.id]);
    await expect(decided(delegate, ofAbsent.id)).rejects.toMatchObject({ code: 'not_called_upon' });
    expect(await queueOf(token.delegate)).toEqual([]);
    const ofDelegate = await submitted([delegate.id]);
    await expect(decided(delegate, ofDelegate.id)).rejects.toMatchObject({ code: 'self_approval' });
  });

  it('do not lend a permission', async () => {
    await needs(named(1, absent.id));
    await delegated();
    const { id } = await submitted();
    const powerless = anActor([read], { id: delegate.id });
    await expect(decided(powerless, id)).rejects.toMatchObject({ code: 'permission_missing' });
  });

  it('are ended by their holder, and by whoever manages approvals', async () => {
    await needs(named(1, absent.id));
    const { id } = await submitted();
    const { body } = await delegated();
    const end = (as: string) => slice.http('DELETE', `${URL}/${body.id}`, { token: as });
    expect((await end(token.delegate)).status).toBe(404);
    expect((await end(token.absent)).status).toBe(204);
    expect((await end(token.admin)).body).toMatchObject({ status: 409, code: 'delegation_over' });
    await expect(decided(delegate, id)).rejects.toMatchObject({ code: 'not_called_upon' });
  });

  it('are made for others by whoever manages approvals alone', async () => {
    const foreign = wish({ userId: absent.id });
    expect((await delegated(foreign, token.delegate)).body).toMatchObject({
      status: 403,
      code: 'permission_missing',
      permission: 'approvals:manage',
    });
    expect((await delegated(foreign, token.admin)).body).toMatchObject({ userId: absent.id, createdBy: admin.id });
  });

  it.each([
    ['to oneself', () => wish({ toUserId: absent.id }), 422, 'delegation_to_self'],
    ['to nobody', () => wish({ toUserId: newId() }), 422, 'approver_unknown'],
    ['backwards', () => wish({ from: inDays(2), until: inDays(1) }), 400, 'delegation_without_time'],
    ['for the past', () => wish({ from: inDays(-2), until: inDays(-1) }), 400, 'delegation_without_time'],
    ['without a time', () => ({ toUserId: delegate.id }), 400, 'validation_failed'],
  ])('are not made %s', async (_, body, status, code) => {
    expect((await delegated(body())).body).toMatchObject({ status, code });
  });

  it('do not overlap, also when two are made at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, at) => delegated(wish({ from: inDays(at - 2), until: inDays(at + 5) }))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const lost = answers.filter(({ status }) => status === 409);
    expect(lost.every(({ body }) => body.code === 'delegation_overlaps')).toBe(true);
  });

  it('are listed to both of them and to whoever manages approvals, and to no other tenant', async () => {
    await delegated();
    const listed = async (as: string) => (await slice.http('GET', URL, { token: as })).body.meta.total;
    const stranger = await tokenFor(slice, anActor([read, decide]));
    const foreigner = await tokenFor(slice, anActor([decide, manage], { tenantId: OTHER_TENANT }));
    const readers = [token.absent, token.delegate, token.admin, stranger, foreigner];
    const totals: number[] = [];
    for (const reader of readers) totals.push(await listed(reader));
    expect(totals).toEqual([1, 1, 1, 0, 0]);
  });
});
