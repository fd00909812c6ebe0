import { type Actor, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalsFacade } from '../approvals.facade.js';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import type { Stage } from '../policies/stage.js';
import { aStage, approvalsContexts, tokenFor } from '../testing.js';
import { Document, DOCUMENT, Documents, documentsContext } from '../testing/documents-context.js';
import { ApprovalPermissions } from './approval.policy.js';

const { read, decide } = ApprovalPermissions;
type Row = { title: string; mayDecide: boolean };

describe('Approval in stages', () => {
  let slice: Slice;
  let facade: ApprovalsFacade;
  let documents: Documents;
  const author = anActor([], { name: 'Author' });
  const approver = (over: Parameters<typeof anActor>[1] = {}) => anActor([read, decide], over);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext] });
    facade = slice.get(ApprovalsFacade);
    documents = slice.get(Documents);
  });
  beforeEach(() =>
    slice.empty('approval_decisions', 'approval_requests', 'approval_policies', 'documents', 'outbox', 'deliveries'),
  );
  afterAll(() => slice.close());

  const needs = (...stages: Stage[]): Promise<void> => {
    const outcome = stages.length ? ('approval' as const) : ('none' as const);
    const rule = { name: 'Whatever it is', when: { all: [] }, outcome, stages };
    const policy = { name: 'Stages', allowSelfApproval: false, isActive: true, rules: [rule] };
    return slice.as(approver(), () => slice.get(ApprovalPoliciesService).set(DOCUMENT, policy));
  };
  const submitted = (asked: Parameters<Documents['submitted']>[1] = {}) =>
    slice.as(author, () => documents.submitted('Dear customer', asked));
  const decided = (actor: Actor, subjectId: string, decision: 'approved' | 'rejected' = 'approved', revision = 1) =>
    slice.as(actor, () => documents.decide({ subjectId, revision, decision, notes: 'Seen' }));
  const statusOf = async (id: string): Promise<string> =>
    (await slice.as(author, () => slice.db.get(Document, id))).status;
  const queueOf = async (token: string): Promise<string[]> => {
    const { body } = await slice.http('GET', '/api/v1/approvals/queue', { token });
    return body.data.map(({ title, mayDecide }: Row) => (mayDecide ? title : `not ${title}`));
  };

  it('approves with the last voice that is missing at the last stage', async () => {
    await needs(aStage(2), aStage(1));
    const { id, request } = await submitted();
    const [first, second, third] = [approver(), approver(), approver()];
    expect(await decided(first, id)).toMatchObject({ status: 'pending', stage: 1 });
    expect(await decided(second, id)).toMatchObject({ status: 'pending', stage: 2 });
    expect(await statusOf(id)).toBe('pending');
    expect(await decided(third, id)).toMatchObject({ status: 'approved', decidedBy: third.id });
    expect(await statusOf(id)).toBe('approved');
    const [round] = await slice.as(author, () => facade.historyOf(DOCUMENT, id));
    expect(round!.decisions.map(({ stage, decidedBy, approvalNotes }) => [stage, decidedBy, approvalNotes])).toEqual([
      [1, first.id, 'Seen'],
      [1, second.id, 'Seen'],
      [2, third.id, 'Seen'],
    ]);
    const { rows } = await slice.superuser.query('select type from outbox order by at, id');
    expect(rows.map(({ type }) => type)).toEqual([
      'approvals.requested',
      'approvals.stage-reached',
      'approvals.approved',
    ]);
    expect(request.stage).toBe(1);
  });

  it('counts of 200 voices at once exactly those that are needed, and each person once', async () => {
    await needs(aStage(3), aStage(2));
    const { id } = await submitted();
    const people = Array.from({ length: 100 }, () => approver());
    const outcomes = await Promise.allSettled([...people, ...people].map((one) => decided(one, id)));
    const counted = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
    expect(counted.map(({ status }) => status).sort()).toEqual(['approved', ...Array(4).fill('pending')]);
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(codes).toHaveLength(195);
    expect([...new Set(codes)].every((code) => code === 'already_decided' || code === 'voice_given')).toBe(true);
    const { rows } = await slice.superuser.query(
      'select count(*)::int as voices, count(distinct decided_by)::int as people from approval_decisions',
    );
    expect(rows).toEqual([{ voices: 5, people: 5 }]);
    expect(await statusOf(id)).toBe('approved');
  });

  it('counts the same also where no row of the subject is locked', async () => {
    await needs(aStage(3), aStage(2));
    const wish = { subjectKind: DOCUMENT, subjectId: newId(), revision: 1, contentHash: 'hash' };
    const rest = { title: 'Title', teamId: null, dueAt: null, excluded: [] };
    await slice.as(author, () => facade.request({ ...wish, ...rest }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () => slice.as(approver(), () => facade.decide({ ...wish, decision: 'approved' }))),
    );
    const counted = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value.status);
    expect(counted.sort()).toEqual(['approved', 'pending', 'pending', 'pending', 'pending']);
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(new Set(codes)).toEqual(new Set(['already_decided']));
  });

  it('ends with a rejection at any stage', async () => {
    await needs(aStage(1), aStage(2));
    const { id } = await submitted();
    await decided(approver(), id);
    expect(await decided(approver(), id, 'rejected')).toMatchObject({ status: 'rejected', stage: 2, notes: 'Seen' });
    expect(await statusOf(id)).toBe('rejected');
    await expect(decided(approver(), id)).rejects.toMatchObject({ code: 'already_decided' });
  });

  it('hears nobody at two stages of one request, and everybody again in the next round', async () => {
    await needs(aStage(1), aStage(1));
    const { id } = await submitted();
    const [one, other] = [approver(), approver()];
    await decided(one, id);
    for (const decision of ['approved', 'rejected'] as const) {
      await expect(decided(one, id, decision)).rejects.toMatchObject({ kind: 'conflict', code: 'voice_given' });
    }
    await decided(other, id, 'rejected');
    await slice.as(author, () => documents.edit(id, 'Dearest customer'));
    await slice.as(author, () => documents.submit(id));
    expect(await decided(one, id, 'approved', 2)).toMatchObject({ status: 'pending', stage: 2 });
  });

  it('excludes who had a hand in it at every stage', async () => {
    const editor = approver();
    await needs(aStage(1), aStage(1, { kind: 'users', ids: [await someUser(editor)] }));
    const { id } = await submitted({ excluded: [editor.id] });
    await expect(decided(editor, id)).rejects.toMatchObject({ code: 'self_approval' });
    await decided(approver(), id);
    await expect(decided(editor, id)).rejects.toMatchObject({ code: 'self_approval' });
  });

  it('binds each voice to the revision that was seen', async () => {
    await needs(aStage(2));
    const { id } = await submitted();
    await decided(approver(), id);
    await slice.as(author, () => documents.edit(id, 'Dearest customer'));
    await expect(decided(approver(), id)).rejects.toMatchObject({ kind: 'conflict', code: 'stale_revision' });
    await slice.as(author, () => documents.submit(id));
    expect(await decided(approver(), id, 'approved', 2)).toMatchObject({ status: 'pending', stage: 1 });
  });

  it('waits for whom a stage names, and shows itself in nobody else’s queue', async () => {
    const team = newId();
    const [lawyer, clerk, lead] = [approver(), approver(), approver({ teams: [team] })];
    const token = {
      lawyer: await tokenFor(slice, lawyer),
      clerk: await tokenFor(slice, clerk),
      lead: await tokenFor(slice, lead),
    };
    const roleOfClerk = await roleOf(clerk);
    await needs(
      aStage(1, { kind: 'users', ids: [lawyer.id] }),
      aStage(1, { kind: 'role', ids: [roleOfClerk] }),
      aStage(1, { kind: 'team' }),
    );
    const { id, request } = await submitted({ teamId: team });
    const queues = async () => [await queueOf(token.lawyer), await queueOf(token.clerk), await queueOf(token.lead)];
    const shown = ['Dear customer'];
    const seenBy = async (who: string): Promise<boolean> =>
      (await slice.http('GET', `/api/v1/approvals/${request.id}`, { token: who })).body.mayDecide;

    expect(await queues()).toEqual([shown, [], []]);
    await expect(decided(clerk, id)).rejects.toMatchObject({ kind: 'forbidden', code: 'not_called_upon' });
    await decided(lawyer, id);
    expect(await queues()).toEqual([[], shown, []]);
    expect([await seenBy(token.lawyer), await seenBy(token.clerk), await seenBy(token.lead)]).toEqual([
      false,
      true,
      false,
    ]);
    await expect(decided(lead, id)).rejects.toMatchObject({ code: 'not_called_upon' });
    await decided(clerk, id);
    expect(await queues()).toEqual([[], [], shown]);
    await expect(decided(approver(), id)).rejects.toMatchObject({ code: 'not_called_upon' });
    expect(await decided(lead, id)).toMatchObject({ status: 'approved' });
  });

  it('goes on under the policy that it was submitted under', async () => {
    await needs(aStage(2));
    const { id, request } = await submitted();
    await needs();
    expect(await decided(approver(), id)).toMatchObject({ status: 'pending' });
    expect(await decided(approver(), id)).toMatchObject({ status: 'approved' });
    const token = await tokenFor(slice, approver());
    const { body } = await slice.http('GET', `/api/v1/approvals/${request.id}`, { token });
    expect(body.policy).toMatchObject({ name: 'Stages', rule: 'Whatever it is', stages: [{ required: 2 }] });
  });

  it('lets go ahead what a rule asks nobody for, and keeps that on record', async () => {
    await needs();
    const { id, request } = await submitted();
    expect(request).toMatchObject({ status: 'waived', rule: 'Whatever it is', decidedBy: null });
    expect(await statusOf(id)).toBe('waived');
    const { rows } = await slice.superuser.query('select type, payload from outbox');
    expect(rows).toMatchObject([
      { type: 'approvals.waived', payload: { requestId: request.id, requestedBy: author.id } },
    ]);
    await expect(decided(approver(), id)).rejects.toMatchObject({ code: 'invalid_transition' });
  });

  it('chooses by the facts that the subject hands over', async () => {
    const rules = [
      {
        name: 'Urgent',
        when: { field: 'priority', op: 'eq', value: 'urgent' },
        outcome: 'approval' as const,
        stages: [aStage(2)],
      },
      { name: 'Short', when: { field: 'pages', op: 'lt', value: 2 }, outcome: 'none' as const, stages: [] },
    ];
    const policy = { name: 'By facts', allowSelfApproval: false, isActive: true, rules };
    await slice.as(approver(), () => slice.get(ApprovalPoliciesService).set(DOCUMENT, policy));
    const ruleFor = async (facts: object) => {
      const { request } = await submitted({ facts: { ...facts } });
      return [request.status, request.rule];
    };
    expect(await ruleFor({ priority: 'urgent', pages: 1 })).toEqual(['pending', 'Urgent']);
    expect(await ruleFor({ priority: 'low', pages: 1 })).toEqual(['waived', 'Short']);
    expect(await ruleFor({ priority: 'low', pages: 2 })).toEqual(['pending', null]);
  });

  it('is refused by PostgreSQL where a row says approved too early, or a person twice', async () => {
    await needs(aStage(2), aStage(1));
    const { id, request } = await submitted();
    const one = approver();
    await decided(one, id);
    const early = `update approval_requests set status = 'approved', decided_by = $2, decided_at = now() where id = $1`;
    const run = (sql: string, values: unknown[]) =>
      slice.as(one, () => slice.db.transaction(() => slice.db.query(sql, values)));
    await expect(run(early, [request.id, one.id])).rejects.toMatchObject({
      constraint: 'approval_requests_approved_by_enough',
    });
    const twice = `insert into approval_decisions (id, request_id, stage, revision, decision, decided_by, at)
      values ($1, $2, 2, 1, 'approved', $3, now())`;
    await expect(run(twice, [newId(), request.id, one.id])).rejects.toMatchObject({
      constraint: 'approval_decisions_one_voice',
    });
  });

  const someUser = async (actor: Actor): Promise<string> => {
    await tokenFor(slice, actor);
    return actor.id;
  };
  const roleOf = async (actor: Actor): Promise<string> => {
    const { rows } = await slice.superuser.query<{ id: string }>(
      'select role_id as id from user_roles where user_id = $1',
      [actor.id],
    );
    return rows[0]!.id;
  };
});
