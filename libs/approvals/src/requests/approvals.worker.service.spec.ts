import { type Actor, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalDelegationsService } from '../delegations/approval-delegations.service.js';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import type { Patience, Stage } from '../policies/stage.js';
import { approvalsContexts, aStage, tokenFor } from '../testing.js';
import { DOCUMENT, Documents, documentsContext } from '../testing/documents-context.js';
import { ApprovalPermissions } from './approval.policy.js';
import { ReroutingService } from './rerouting.service.js';

const { read, decide, manage } = ApprovalPermissions;
const HOUR_MS = 3_600_000;

describe('When an approver leaves', () => {
  let api: Slice;
  let worker: Slice;
  let adminToken: string;
  const author = anActor([read]);
  const PEOPLE = ['users:deactivate', 'users:hand-over', 'users:update', 'users:read', 'users:create'];
  const admin = anActor([read, manage, decide, ...PEOPLE]);
  const contexts = [...approvalsContexts, documentsContext];

  beforeAll(async () => {
    api = await bootSlice({ contexts });
    worker = await bootSlice({ contexts, app: 'worker', beside: { database: api.database, config: api.config } });
    adminToken = await tokenFor(api, admin);
  });
  beforeEach(() =>
    api.empty(
      'approval_delegations',
      'approval_decisions',
      'approval_requests',
      'approval_policies',
      'business_calendars',
      'documents',
    ),
  );
  afterAll(async () => {
    await worker.close();
    await api.close();
  });

  const approver = async (): Promise<Actor> => {
    const actor = anActor([read, decide]);
    await tokenFor(api, actor);
    return actor;
  };
  const needs = (...stages: Stage[]) => waits(null, ...stages);
  const waits = (patience: Patience | null, ...stages: Stage[]) => {
    const rule = { name: 'All', when: { all: [] }, outcome: 'approval' as const, stages };
    const policy = { name: 'Named', allowSelfApproval: false, isActive: true, rules: [rule], patience };
    return api.as(admin, () => api.get(ApprovalPoliciesService).set(DOCUMENT, policy));
  };
  const submitted = () => api.as(author, () => api.get(Documents).submitted());
  const decided = (actor: Actor, subjectId: string) =>
    api.as(actor, () => api.get(Documents).decide({ subjectId, revision: 1, decision: 'approved', notes: null }));
  const delegated = (from: Actor, to: Actor) => {
    const now = Date.now();
    const times = { fromAt: new Date(now - HOUR_MS), untilAt: new Date(now + HOUR_MS) };
    const absence = { userId: from.id, delegateId: to.id, ...times };
    return api.as(from, () => api.get(ApprovalDelegationsService).delegate(absence));
  };
  const leaves = async ({ id }: Actor): Promise<void> => {
    const { status } = await api.http('POST', `/api/v1/users/${id}/deactivate`, { token: adminToken, body: {} });
    expect(status).toBeLessThan(300);
    await worker.settled();
  };

  it('what waits for them by name goes to their delegate, all of it, within the same second', async () => {
    const [leaver, delegate] = [await approver(), await approver()];
    await needs(aStage(1, { kind: 'users', ids: [leaver.id] }));
    await delegated(leaver, delegate);
    const waiting = [];
    for (let i = 0; i < 12; i++) waiting.push(await submitted());
    await leaves(leaver);
    const { rows } = await api.superuser.query('select distinct approver_kind, approver_ids from approval_requests');
    expect(rows).toEqual([{ approver_kind: 'users', approver_ids: [delegate.id] }]);
    const took = `select extract(epoch from max(r.updated_at) - max(u.updated_at))::float as seconds
      from approval_requests r, users u where u.id = $1`;
    expect((await api.superuser.query<{ seconds: number }>(took, [leaver.id])).rows[0]!.seconds).toBeLessThan(1);
    expect(await decided(delegate, waiting[0]!.id)).toMatchObject({ status: 'approved' });
  });

  it('without a delegate it waits for whoever may decide, and the others who are named', async () => {
    const [leaver, other, colleague] = [await approver(), await approver(), await approver()];
    await needs(aStage(2, { kind: 'users', ids: [leaver.id, other.id].sort() }));
    const { id } = await submitted();
    await expect(decided(colleague, id)).rejects.toMatchObject({ code: 'not_called_upon' });
    await leaves(leaver);
    expect(await decided(colleague, id)).toMatchObject({ status: 'pending' });
    expect(await decided(other, id)).toMatchObject({ status: 'approved' });
  });

  it('a later stage that names them is passed on as well', async () => {
    const [leaver, first, colleague] = [await approver(), await approver(), await approver()];
    await needs(aStage(1), aStage(1, { kind: 'users', ids: [leaver.id] }));
    const { id } = await submitted();
    await leaves(leaver);
    await decided(first, id);
    expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
  });

  it('they stand in for nobody any more: who is absent names another', async () => {
    const [absent, delegate, other] = [await approver(), await approver(), await approver()];
    await needs(aStage(1, { kind: 'users', ids: [absent.id] }));
    await delegated(absent, delegate);
    const { id } = await submitted();
    await expect(delegated(absent, other)).rejects.toMatchObject({ code: 'delegation_overlaps' });
    await leaves(delegate);
    await delegated(absent, other);
    expect(await decided(other, id)).toMatchObject({ status: 'approved' });
  });

  it.each([
    ['may not decide', anActor([read])],
    ['had a hand in it', author],
  ])('what is handed over to somebody who %s waits for others as well', async (_, to) => {
    await tokenFor(api, to);
    const [leaver, colleague] = [await approver(), await approver()];
    await needs(aStage(1, { kind: 'users', ids: [leaver.id] }));
    const { id } = await submitted();
    const body = { to: to.id, deactivate: true };
    const passed = await api.http('POST', `/api/v1/users/${leaver.id}/handover`, { token: adminToken, body });
    expect(passed.body).toMatchObject({ isDeactivated: true, total: 1 });
    await worker.settled();
    expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
  });

  it('what waits for the last of those who help waits for others as well', async () => {
    const teamId = newId();
    const helper = anActor([read, `${decide.name}_team`], { teams: [teamId] });
    await tokenFor(api, helper);
    const [leaver, to] = [await approver(), anActor([read])];
    await tokenFor(api, to);
    await needs(aStage(1, { kind: 'users', ids: [leaver.id] }));
    const { id, request } = await api.as(author, () => api.get(Documents).submitted(undefined, { teamId }));
    const body = { to: to.id, deactivate: true };
    await api.http('POST', `/api/v1/users/${leaver.id}/handover`, { token: adminToken, body });
    await worker.settled();
    const scope = async (): Promise<string> =>
      (await api.superuser.query('select relief_scope from approval_requests where id = $1', [request.id])).rows[0]
        .relief_scope;
    expect(await scope()).toBe('team');
    await leaves(helper);
    expect(await scope()).toBe('anyone');
    expect(await decided(await approver(), id)).toMatchObject({ status: 'approved' });
  });

  it('what is submitted later under a policy that still names them does not wait for nobody', async () => {
    const [leaver, colleague] = [await approver(), await approver()];
    await needs(aStage(1, { kind: 'users', ids: [leaver.id] }));
    await leaves(leaver);
    const { id } = await submitted();
    expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
  });

  it('what is being submitted in the moment they leave does not wait for them either', async () => {
    const [leaver, colleague] = [await approver(), await approver()];
    await needs(aStage(1, { kind: 'users', ids: [leaver.id] }));
    let written = (): void => {};
    const leaving = new Promise<void>((done) => (written = done)).then(() => leaves(leaver));
    const submission = api.as(author, () =>
      api.db.transaction(async () => {
        const { id } = await api.get(Documents).submitted();
        written();
        // time for the deactivation, and for all that follows from it, to pass this transaction by
        await Promise.race([leaving, new Promise((done) => setTimeout(done, 700))]);
        return id;
      }),
    );
    const id = await submission;
    await leaving;
    expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
  });

  it('a delegate who leaves while the place becomes theirs does not keep it', async () => {
    const [leaver, delegate, colleague] = [await approver(), await approver(), await approver()];
    await needs(aStage(1, { kind: 'users', ids: [leaver.id] }));
    await delegated(leaver, delegate);
    const { id } = await submitted();
    await api.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.id}', true);
       update users set status = 'deactivated' where id = '${leaver.id}'; commit`,
    );
    let passed = (): void => {};
    const leaving = new Promise<void>((done) => (passed = done)).then(() => leaves(delegate));
    await api.as(admin, () =>
      api.db.transaction(async () => {
        await api.get(ReroutingService).leave(leaver.id);
        passed();
        await Promise.race([leaving, new Promise((done) => setTimeout(done, 700))]);
      }),
    );
    await leaving;
    await worker.settled();
    expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
  });

  it('and who is still there is reminded by the worker when the time comes, once', async () => {
    const lawyer = await approver();
    const always = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ opens: '00:00', closes: '24:00' }]]));
    await api.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.id}', true);
       insert into business_calendars (tenant_id, id, name, zone, week, is_default)
       values ('${TENANT}', '${newId()}', 'Always', 'UTC', '${JSON.stringify(always)}', true); commit`,
    );
    await waits(
      { remindAfterSeconds: 1, escalateAfterSeconds: 2, escalateToRoleId: null },
      aStage(1, { kind: 'users', ids: [lawyer.id] }),
    );
    const { request } = await submitted();
    const sent = async () =>
      (
        await api.superuser.query('select about_kind as kind from messages where about_id = $1 order by created_at', [
          request.id,
        ])
      ).rows.map(({ kind }) => kind);
    await expect.poll(sent, { timeout: 15_000 }).toEqual(['approvals.reminder', 'approvals.escalation']);
    const { body } = await api.http('GET', `/api/v1/approvals/${request.id}`, { token: adminToken });
    const [since, reminded, escalated] = [body.stageSince, body.remindedAt, body.escalatedAt].map((at) =>
      Date.parse(at),
    );
    expect([reminded! - since! >= 1000, escalated! - since! >= 2000]).toEqual([true, true]);
  });
});
