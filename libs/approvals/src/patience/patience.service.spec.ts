import { type Actor, FixedClock, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalsFacade } from '../approvals.facade.js';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import type { Patience, Stage } from '../policies/stage.js';
import { ApprovalRequest } from '../requests/approval-request.entity.js';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { approvalsContexts, aStage, tokenFor } from '../testing.js';
import { DOCUMENT, Documents, documentsContext } from '../testing/documents-context.js';
import { PatienceService } from './patience.service.js';

const { read, decide, manage } = ApprovalPermissions;
const HOUR = 3600;
const FRIDAY = new Date('2026-11-06T16:30:00Z');
const hoursAfter = (at: Date, hours: number): Date => new Date(at.getTime() + hours * HOUR * 1000);

describe('The patience of an approval policy', () => {
  const clock = new FixedClock(FRIDAY);
  const admin = anActor([read, manage, 'calendars:manage']);
  const author = anActor([read]);
  const team = newId();
  let slice: Slice;
  let patience: PatienceService;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext], clock });
    patience = slice.get(PatienceService);
  });
  beforeEach(async () => {
    clock.set(FRIDAY);
    await slice.empty(
      'approval_delegations',
      'approval_decisions',
      'approval_requests',
      'approval_policies',
      'business_calendars',
      'messages',
      'users',
      'outbox',
    );
  });
  afterAll(() => slice.close());

  const aUser = async (teams: string[] = [], ...grants: string[]): Promise<Actor> => {
    const actor = anActor(grants.length ? grants : [read, decide], { teams });
    await tokenFor(slice, actor);
    return actor;
  };
  const emailOf = ({ id }: Actor): string => `${id.slice(-12)}@test.example`;
  const needs = (given: Partial<Patience>, ...stages: Stage[]) => {
    const rule = { name: 'All', when: { all: [] }, outcome: 'approval' as const, stages };
    const never = { remindAfterSeconds: null, escalateAfterSeconds: null, escalateToRoleId: null };
    const policy = { name: 'Patient', allowSelfApproval: false, isActive: true, rules: [rule] };
    return slice.as(admin, () =>
      slice.get(ApprovalPoliciesService).set(DOCUMENT, { ...policy, patience: { ...never, ...given } }),
    );
  };
  const named = (...people: Actor[]) => aStage(1, { kind: 'users', ids: people.map(({ id }) => id) });
  const submitted = (teamId: string | null = null) =>
    slice.as(author, () => slice.get(Documents).submitted('Dear customer', { teamId }));
  const decided = (actor: Actor, subjectId: string) =>
    slice.as(actor, () => slice.get(Documents).decide({ subjectId, revision: 1, decision: 'approved', notes: null }));
  const requestOf = (id: string) => slice.as(admin, () => slice.db.get(ApprovalRequest, id));
  type Timer = { type: string; at: string };
  const timers = async (): Promise<Timer[]> =>
    (
      await slice.superuser.query(
        `select type, payload ->> 'at' as at from outbox where kind = 'job' and type like 'approvals.%' order by run_at, type`,
      )
    ).rows;
  const told = async (type: string): Promise<number> =>
    (await slice.superuser.query('select 1 from outbox where type = $1', [type])).rows.length;
  const mails = async () =>
    (await slice.superuser.query('select about_kind as kind, recipients as "to" from messages order by created_at, id'))
      .rows;
  const remind = (id: string, at: Date, stage = 1) => slice.as(admin, () => patience.remind(id, stage, at));
  const escalate = (id: string, at: Date, stage = 1) => slice.as(admin, () => patience.escalate(id, stage, at));
  const MONDAY = new Date('2026-11-09T09:30:00Z');

  it('counts in business hours: Friday 16:30 and one hour is Monday 09:30', async () => {
    await needs({ remindAfterSeconds: HOUR, escalateAfterSeconds: 3 * HOUR }, aStage());
    await submitted();
    expect(await timers()).toEqual([
      { type: 'approvals.remind', at: MONDAY.toISOString() },
      { type: 'approvals.escalate', at: hoursAfter(MONDAY, 2).toISOString() },
    ]);
  });

  it('counts in the hours of its team, and anew once it is another’s', async () => {
    const night = newId();
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.id}', true);
       insert into business_calendars (tenant_id, id, name, zone, week)
       values ('${admin.tenantId}', '${night}', 'Night', 'Europe/Berlin', '{"5": [{"opens": "20:00", "closes": "24:00"}]}');
       insert into team_calendars (tenant_id, team_id, calendar_id) values ('${admin.tenantId}', '${team}', '${night}'); commit`,
    );
    await needs({ remindAfterSeconds: HOUR }, aStage());
    const { id } = await submitted(team);
    expect((await timers()).map(({ at }) => at)).toEqual(['2026-11-06T20:00:00.000Z']);
    const subject = { subjectKind: DOCUMENT, subjectId: id };
    await slice.as(admin, () => slice.get(ApprovalsFacade).follow(subject, { teamId: null, dueAt: null }));
    expect((await timers()).map(({ at }) => at)).toEqual(['2026-11-06T20:00:00.000Z', MONDAY.toISOString()]);
  });

  it('reminds those it waits for by one mail, once, however many workers are told to', async () => {
    const [lawyer, delegate] = [await aUser(), await aUser()];
    await aUser();
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.id}', true);
       insert into approval_delegations (tenant_id, id, user_id, delegate_id, from_at, until_at, created_by)
       values ('${admin.tenantId}', '${newId()}', '${lawyer.id}', '${delegate.id}', '2026-11-01', '2026-12-01', '${admin.id}'); commit`,
    );
    await needs({ remindAfterSeconds: HOUR }, named(lawyer));
    const { request } = await submitted();
    clock.set(MONDAY);
    await Promise.all(Array.from({ length: 20 }, () => remind(request.id, MONDAY)));
    expect(await told('approvals.reminded')).toBe(1);
    expect(await mails()).toEqual([{ kind: 'approvals.reminder', to: expect.anything() }]);
    expect(JSON.stringify((await mails())[0].to)).toContain(emailOf(lawyer));
    expect(JSON.stringify((await mails())[0].to)).toContain(emailOf(delegate));
    expect(await requestOf(request.id)).toMatchObject({ status: 'pending', remindedAt: MONDAY });
  });

  it('stops with the decision, and begins anew at the next stage', async () => {
    const [first, second] = [await aUser(), await aUser()];
    await needs({ remindAfterSeconds: HOUR, escalateAfterSeconds: 2 * HOUR }, named(first), named(second));
    const { id, request } = await submitted();
    clock.set(MONDAY);
    await remind(request.id, MONDAY);
    await decided(first, id);
    expect(await requestOf(request.id)).toMatchObject({ stage: 2, stageSince: MONDAY, remindedAt: null });
    await escalate(request.id, hoursAfter(MONDAY, 1), 1);
    expect(await told('approvals.escalated')).toBe(0);
    const later = hoursAfter(MONDAY, 1);
    clock.set(later);
    await remind(request.id, later, 2);
    expect(await told('approvals.reminded')).toBe(2);
    await decided(second, id);
    await escalate(request.id, hoursAfter(later, 1), 2);
    expect(await told('approvals.escalated')).toBe(0);
    expect(await mails()).toHaveLength(2);
  });

  it('lets the leads of the team decide as well, and tells them', async () => {
    const [lawyer, lead, member] = [await aUser(), await aUser([team]), await aUser([team])];
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.id}', true);
       update team_members set is_lead = true where user_id = '${lead.id}'; commit`,
    );
    await needs({ escalateAfterSeconds: HOUR }, named(lawyer));
    const { id, request } = await submitted(team);
    await expect(decided(lead, id)).rejects.toMatchObject({ code: 'not_called_upon' });
    clock.set(MONDAY);
    await Promise.all(Array.from({ length: 10 }, () => escalate(request.id, MONDAY)));
    expect(await told('approvals.escalated')).toBe(1);
    const { rows } = await slice.superuser.query("select payload from outbox where type = 'approvals.escalated'");
    expect(rows[0].payload).toMatchObject({ because: 'overdue', toUsers: [lead.id], stage: 1 });
    expect(await mails()).toMatchObject([{ kind: 'approvals.escalation' }]);
    const [{ to }] = await mails();
    expect([JSON.stringify(to).includes(emailOf(lead)), JSON.stringify(to).includes(emailOf(lawyer))]).toEqual([
      true,
      false,
    ]);
    await expect(decided(member, id)).rejects.toMatchObject({ code: 'not_called_upon' });
    expect(await decided(lead, id)).toMatchObject({ status: 'approved' });
  });

  it('lets a role decide as well that the policy names, within the reach of its permission', async () => {
    const [lawyer, director, powerless] = [await aUser(), await aUser(), await aUser([], 'approvals:read_all')];
    const role = async ({ id }: Actor) =>
      (await slice.superuser.query('select role_id as id from user_roles where user_id = $1', [id])).rows[0].id;
    await needs({ escalateAfterSeconds: HOUR, escalateToRoleId: await role(director) }, named(lawyer));
    const { id, request } = await submitted();
    clock.set(MONDAY);
    await escalate(request.id, MONDAY);
    await expect(decided(powerless, id)).rejects.toMatchObject({ code: 'permission_missing' });
    expect(await decided(director, id)).toMatchObject({ status: 'approved' });
  });

  it('lets whoever may at all decide as well where the team has no lead who could', async () => {
    const [lawyer, lead, other] = [await aUser(), await aUser([team], 'approvals:read_all'), await aUser()];
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.id}', true);
       update team_members set is_lead = true where user_id = '${lead.id}'; commit`,
    );
    await needs({ escalateAfterSeconds: HOUR }, named(lawyer));
    const { id, request } = await submitted(team);
    await expect(decided(other, id)).rejects.toMatchObject({ code: 'not_called_upon' });
    clock.set(MONDAY);
    await escalate(request.id, MONDAY);
    expect(await decided(other, id)).toMatchObject({ status: 'approved' });
  });

  it('waits on where its hours have become fewer since the timer was set', async () => {
    await needs({ remindAfterSeconds: HOUR }, aStage());
    const { request } = await submitted();
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.id}', true);
       insert into business_calendars (tenant_id, id, name, zone, week, holidays, is_default) values ('${admin.tenantId}',
         '${newId()}', 'Late', 'UTC', '{"1": [{"opens": "12:00", "closes": "17:00"}]}', '[]', true); commit`,
    );
    clock.set(MONDAY);
    await remind(request.id, MONDAY);
    expect(await told('approvals.reminded')).toBe(0);
    const at = new Date('2026-11-09T13:00:00Z');
    expect((await timers()).map((timer) => timer.at)).toEqual([MONDAY.toISOString(), at.toISOString()]);
    clock.set(at);
    await remind(request.id, at);
    expect(await told('approvals.reminded')).toBe(1);
  });

  it('either decides or escalates where both come at once, and loses neither', async () => {
    const lawyer = await aUser();
    await needs({ escalateAfterSeconds: HOUR }, named(lawyer));
    clock.set(FRIDAY);
    for (let round = 0; round < 10; round++) {
      const { id, request } = await submitted();
      await Promise.all([decided(lawyer, id), escalate(request.id, MONDAY)]);
      expect(await requestOf(request.id)).toMatchObject({ status: 'approved', decidedBy: lawyer.id });
    }
  });

  describe('of whoever it waits for', () => {
    const passedOn = (from: Actor, subjectId: string, to: Actor, revision = 1) =>
      slice.as(from, async () => {
        const { hash: contentHash } = await slice.get(Documents).find(subjectId);
        const subject = { subjectKind: DOCUMENT, subjectId, revision, contentHash };
        return slice.get(ApprovalsFacade).handOver({ ...subject, toUserId: to.id });
      });

    it('may pass it on to another, whose it is then, and who is told', async () => {
      const [lawyer, other] = [await aUser(), await aUser()];
      await needs({}, named(lawyer));
      const { id, request } = await submitted();
      expect(await passedOn(lawyer, id, other)).toMatchObject({ status: 'pending' });
      const { rows } = await slice.superuser.query("select payload from outbox where type = 'approvals.handed-over'");
      expect(rows).toMatchObject([{ payload: { requestId: request.id, from: lawyer.id, to: other.id } }]);
      expect(await mails()).toMatchObject([{ kind: 'approvals.handover' }]);
      await expect(decided(lawyer, id)).rejects.toMatchObject({ code: 'not_called_upon' });
      expect(await decided(other, id)).toMatchObject({ status: 'approved' });
    });

    it('passes it on to nobody who could not decide, and nothing that is not theirs', async () => {
      const [lawyer, other, powerless] = [await aUser(), await aUser(), await aUser([], 'approvals:read_all')];
      await needs({}, named(lawyer));
      const { id } = await submitted();
      await expect(passedOn(lawyer, id, powerless)).rejects.toMatchObject({ code: 'delegate_excluded' });
      await expect(passedOn(lawyer, id, author)).rejects.toMatchObject({ code: 'approver_unknown' });
      await expect(passedOn(lawyer, id, lawyer)).rejects.toMatchObject({ code: 'delegate_excluded' });
      await expect(passedOn(other, id, lawyer)).rejects.toMatchObject({ code: 'not_called_upon' });
      await expect(passedOn(lawyer, id, other, 2)).rejects.toMatchObject({ code: 'stale_revision' });
      expect(await mails()).toEqual([]);
      await decided(lawyer, id);
      await expect(passedOn(lawyer, id, other)).rejects.toMatchObject({ code: 'already_decided' });
    });
  });
});
