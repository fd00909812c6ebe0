import { Actor, newId, type Permission } from '@app/kernel';
import { parseListQuery } from '@app/platform';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalDelegationsService } from '../delegations/approval-delegations.service.js';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import type { Stage } from '../policies/stage.js';
import { approvalsContexts, aStage, tokenFor } from '../testing.js';
import { DOCUMENT, Documents, documentsContext } from '../testing/documents-context.js';
import { ApprovalPermissions } from './approval.policy.js';
import { ApprovalQueue, ApprovalsQueries } from './approvals.queries.js';
import { ReroutingService } from './rerouting.service.js';

const { read, decide, manage } = ApprovalPermissions;
const HOUR_MS = 3_600_000;

describe('Who decides on an approval', () => {
  let slice: Slice;
  const admin = anActor([read, manage]);
  const author = anActor([read]);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext] });
  });
  beforeEach(() =>
    slice.empty(
      'approval_delegations',
      'approval_decisions',
      'approval_requests',
      'approval_policies',
      'outbox',
      'users',
    ),
  );
  afterAll(() => slice.close());

  const aUser = async (...grants: (Permission | string)[]): Promise<Actor> => {
    const actor = anActor(grants.length ? grants : [read, decide]);
    await tokenFor(slice, actor);
    return actor;
  };
  const needs = (...stages: Stage[]) => {
    const rule = { name: 'All', when: { all: [] }, outcome: 'approval' as const, stages };
    const policy = { name: 'Named', allowSelfApproval: false, isActive: true, rules: [rule] };
    return slice.as(admin, () => slice.get(ApprovalPoliciesService).set(DOCUMENT, policy));
  };
  const named = (required: number, ...people: Actor[]) =>
    aStage(required, { kind: 'users', ids: people.map(({ id }) => id) });
  const submitted = (excluded: string[] = [], by = author) =>
    slice.as(by, () => slice.get(Documents).submitted('Dear customer', { excluded }));
  const decided = (actor: Actor, subjectId: string) =>
    slice.as(actor, () => slice.get(Documents).decide({ subjectId, revision: 1, decision: 'approved', notes: null }));
  const escalations = async () =>
    (await slice.superuser.query("select payload from outbox where type = 'approvals.escalated'")).rows.map(
      ({ payload }) => payload,
    );
  const roleOf = async ({ id }: Actor): Promise<string> =>
    (await slice.superuser.query('select role_id as id from user_roles where user_id = $1', [id])).rows[0].id;

  describe('is never nobody', () => {
    it('where the only one who is named wrote it', async () => {
      const [lawyer, colleague] = [await aUser(), await aUser()];
      await needs(named(1, lawyer));
      const { id } = await submitted([lawyer.id]);
      expect(await escalations()).toMatchObject([{ because: 'nobody_left', toScope: 'team', stage: 1 }]);
      await expect(decided(lawyer, id)).rejects.toMatchObject({ code: 'self_approval' });
      expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
    });

    it('where a role has no holder who could decide', async () => {
      const [clerk, colleague] = [await aUser(), await aUser()];
      await needs(aStage(1, { kind: 'role', ids: [await roleOf(clerk)] }));
      const { id } = await submitted([clerk.id]);
      expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
    });

    it('where who is named at a later stage has decided at an earlier one', async () => {
      const [lawyer, colleague] = [await aUser(), await aUser()];
      await needs(aStage(1), named(1, lawyer));
      const { id } = await submitted();
      expect(await decided(lawyer, id)).toMatchObject({ status: 'pending', stage: 2 });
      expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
    });

    it('where the last holder of a role leaves while it waits', async () => {
      const [clerk, colleague] = [await aUser(), await aUser()];
      await needs(aStage(1, { kind: 'role', ids: [await roleOf(clerk)] }));
      const { id } = await submitted();
      await expect(decided(colleague, id)).rejects.toMatchObject({ code: 'not_called_upon' });
      await slice.superuser.query(
        `begin; select set_config('app.actor_id', '${admin.id}', true); update users set status = 'deactivated' where id = '${clerk.id}'; commit`,
      );
      await slice.as(admin, () => slice.get(ReroutingService).leave(clerk.id));
      expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
    });

    it('and stays with whom a stage names where enough of them are left', async () => {
      const [one, other, colleague] = [await aUser(), await aUser(), await aUser()];
      await needs(named(1, one, other));
      const { id } = await submitted([one.id]);
      expect(await escalations()).toEqual([]);
      await expect(decided(colleague, id)).rejects.toMatchObject({ code: 'not_called_upon' });
      expect(await decided(other, id)).toMatchObject({ status: 'approved' });
    });
  });

  describe('in another’s place', () => {
    const delegated = (from: Actor, to: Actor) => {
      const [now, times] = [Date.now(), { userId: from.id, delegateId: to.id }];
      const absence = { ...times, fromAt: new Date(now - HOUR_MS), untilAt: new Date(now + HOUR_MS) };
      return slice.as(from, () => slice.get(ApprovalDelegationsService).delegate(absence));
    };

    it('is nobody who stands in for somebody who may not decide any more', async () => {
      const [absent, other, delegate] = [await aUser(), await aUser(), await aUser()];
      await needs(named(1, absent, other));
      await delegated(absent, delegate);
      const { id } = await submitted();
      await tokenFor(slice, anActor([read], { id: absent.id })); // demoted
      await expect(decided(delegate, id)).rejects.toMatchObject({ code: 'not_called_upon' });
      await tokenFor(slice, absent);
      expect(await decided(delegate, id)).toMatchObject({ status: 'approved' });
    });

    it('speaks for one of two who are absent, and not for both', async () => {
      const [one, other, third, delegate] = [await aUser(), await aUser(), await aUser(), await aUser()];
      await needs(named(2, one, other, third));
      await delegated(one, delegate);
      await delegated(other, delegate);
      const { id } = await submitted();
      expect(await decided(delegate, id)).toMatchObject({ status: 'pending' });
      await expect(decided(delegate, id)).rejects.toMatchObject({ code: 'voice_given' });
      expect(await decided(third, id)).toMatchObject({ status: 'approved' });
    });

    it('goes no further than one step, also round in a circle', async () => {
      const [one, other, third] = [await aUser(), await aUser(), await aUser()];
      await needs(named(1, one));
      await delegated(one, other);
      await delegated(other, third);
      await delegated(third, one);
      const { id } = await submitted();
      await expect(decided(third, id)).rejects.toMatchObject({ code: 'not_called_upon' });
      expect(await decided(other, id)).toMatchObject({ status: 'approved' });
    });
  });

  it('is nobody who lost the permission while another held the request', async () => {
    const approver = await aUser();
    const { id, request } = await submitted();
    let deciding: Promise<unknown> = Promise.resolve();
    let held = (): void => {};
    const isHeld = new Promise<void>((done) => (held = done)).then(() => {
      deciding = decided(approver, id);
      deciding.catch(() => undefined);
    });
    await slice.as(admin, () =>
      slice.db.transaction(async () => {
        await slice.db.query('select 1 from approval_requests where id = $1 for update', [request.id]);
        held();
        await new Promise((done) => setTimeout(done, 150));
        await tokenFor(slice, anActor([read], { id: approver.id })); // demoted
      }),
    );
    await isHeld;
    await expect(deciding).rejects.toMatchObject({ kind: 'forbidden', code: 'permission_missing' });
  });

  describe('is a person', () => {
    const aToken = async (maker: Actor): Promise<Actor> => {
      const token = new Actor(newId(), TENANT, 'Robot', new Set(['approvals:decide_all']), [], 'service');
      await slice.superuser.query(
        `begin; select set_config('app.actor_id', '${maker.id}', true);
         insert into service_tokens (tenant_id, id, name, prefix, key_hash, grants, created_by)
         values ('${TENANT}', '${token.id}', 'Robot', '${newId().slice(-8)}', sha256('${token.id}'), '{}', '${maker.id}'); commit`,
      );
      return token;
    };

    it('and not a service token, by which its maker would approve their own text', async () => {
      const maker = await aUser();
      const token = await aToken(maker);
      const { id } = await submitted([], maker);
      await expect(decided(token, id)).rejects.toMatchObject({ kind: 'forbidden', code: 'decision_by_machine' });
      const queue = await slice.as(token, () =>
        slice.get(ApprovalsQueries).queue(token, parseListQuery({}, ApprovalQueue)),
      );
      expect(queue.data).toMatchObject([{ mayDecide: false }]);
    });

    it('and not the maker of the service token that wrote it', async () => {
      const [maker, colleague] = [await aUser(), await aUser()];
      const { id } = await submitted([], await aToken(maker));
      await expect(decided(maker, id)).rejects.toMatchObject({ code: 'self_approval' });
      expect(await decided(colleague, id)).toMatchObject({ status: 'approved' });
    });
  });

  describe('is said by PostgreSQL too', () => {
    const voice = (by: Actor, requestId: string, onBehalfOf: Actor | null = null) => {
      const sql = `insert into approval_decisions (id, request_id, stage, revision, decision, decided_by, on_behalf_of, at)
        values ($1, $2, 1, 1, 'approved', $3, $4, now())`;
      const values = [newId(), requestId, by.id, onBehalfOf?.id ?? null];
      return slice.as(by, () => slice.db.transaction(() => slice.db.query(sql, values)));
    };

    it('not who had a hand in it, nor in their place', async () => {
      const [writer, colleague] = [await aUser(), await aUser()];
      const { request } = await submitted([writer.id]);
      const refused = { constraint: 'approval_decisions_are_by_others' };
      await expect(voice(writer, request.id)).rejects.toMatchObject(refused);
      await expect(voice(colleague, request.id, writer)).rejects.toMatchObject(refused);
      const approve = `update approval_requests set status = 'approved', missing = 0, decided_by = $2, decided_at = now() where id = $1`;
      const approved = slice.as(writer, () =>
        slice.db.transaction(() => slice.db.query(approve, [request.id, writer.id])),
      );
      await expect(approved).rejects.toMatchObject({ constraint: 'approval_requests_approved_by_others' });
    });

    it('nobody from a place that has a voice, also when both come at once', async () => {
      await needs(aStage(2));
      const [absent, delegate] = [await aUser(), await aUser()];
      for (let round = 0; round < 5; round++) {
        const { request } = await submitted();
        const both = await Promise.allSettled([voice(absent, request.id), voice(delegate, request.id, absent)]);
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      }
    });
  });
});
