import { type Actor, newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalsFacade } from '../approvals.facade.js';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import { approvalsContexts, aWish } from '../testing.js';
import { Document, DOCUMENT, Documents, documentsContext } from '../testing/documents-context.js';
import { ApprovalPermissions, isWithinReach, withinReach } from './approval.policy.js';

const { decide } = ApprovalPermissions;

describe('Approvals', () => {
  let slice: Slice;
  let facade: ApprovalsFacade;
  let documents: Documents;
  const author = anActor([], { name: 'Author' });
  const manager = anActor([decide], { name: 'Manager' });

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext] });
    facade = slice.get(ApprovalsFacade);
    documents = slice.get(Documents);
  });
  beforeEach(() =>
    slice.empty(
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

  const submitted = (asked: Parameters<Documents['submitted']>[1] = {}) =>
    slice.as(author, () => documents.submitted('Dear customer', asked));
  const approve = (actor: Actor, subjectId: string, revision = 1) =>
    slice.as(actor, () => documents.decide({ subjectId, revision, decision: 'approved', notes: null }));
  const reject = (actor: Actor, subjectId: string, revision = 1) =>
    slice.as(actor, () => documents.decide({ subjectId, revision, decision: 'rejected', notes: 'Quote the date' }));
  const statusOf = async (id: string): Promise<string> =>
    (await slice.as(author, () => slice.db.get(Document, id))).status;
  const events = async (): Promise<string[]> =>
    (await slice.superuser.query('select type from outbox order by at, id')).rows.map(({ type }) => type);

  it('change the subject, the request, the decision and the event together', async () => {
    const { id, request } = await submitted();
    const card = await approve(manager, id);
    expect(card).toMatchObject({ id: request.id, status: 'approved', decidedBy: manager.id });
    expect(await statusOf(id)).toBe('approved');
    expect(await events()).toEqual(['approvals.requested', 'approvals.approved']);
    expect(
      (await slice.superuser.query('select request_id, decided_by, revision, is_self_approval from approval_decisions'))
        .rows,
    ).toEqual([{ request_id: request.id, decided_by: manager.id, revision: 1, is_self_approval: false }]);
  });

  it('leave nothing of a decision whose subject fails', async () => {
    const { id } = await submitted();
    const work = slice.as(manager, () =>
      slice.db.transaction(async () => {
        await documents.decide({ subjectId: id, revision: 1, decision: 'approved', notes: null });
        throw new Error('later');
      }),
    );
    await expect(work).rejects.toThrow('later');
    expect(await statusOf(id)).toBe('pending');
    expect((await slice.as(manager, () => facade.pendingOf(DOCUMENT, id)))?.status).toBe('pending');
    expect((await slice.superuser.query('select 1 from approval_decisions')).rows).toEqual([]);
    expect(await events()).toEqual(['approvals.requested']);
  });

  it('have one winner of 200 decisions at once, and tell the others who it was', async () => {
    const { id } = await submitted();
    const managers = Array.from({ length: 200 }, (_, index) => anActor([decide], { name: `Manager ${index}` }));
    const outcomes = await Promise.allSettled(
      managers.map((one, index) => (index % 2 ? approve(one, id) : reject(one, id))),
    );
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
    expect(won).toHaveLength(1);
    const [winner] = won;
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    expect(refusals).toHaveLength(199);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        code: 'already_decided',
        details: { decision: winner!.status, decidedBy: winner!.decidedBy },
      });
    }
    expect((await slice.superuser.query('select decided_by, decision from approval_decisions')).rows).toEqual([
      { decided_by: winner!.decidedBy, decision: winner!.status },
    ]);
    expect(await statusOf(id)).toBe(winner!.status);
    expect(await events()).toEqual(['approvals.requested', `approvals.${winner!.status}`]);
  });

  it('have one winner also where no row of the subject is locked', async () => {
    const wish = aWish();
    await slice.as(author, () => facade.request(wish));
    const decisions = Array.from({ length: 200 }, () =>
      slice.as(anActor([decide]), () => facade.decide({ ...wish, decision: 'approved' })),
    );
    const outcomes = await Promise.allSettled(decisions);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(new Set(codes)).toEqual(new Set(['already_decided']));
  });

  it('hold of an edit and an approval at once only one', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await submitted();
      const [, decided] = await Promise.allSettled([
        slice.as(author, () => documents.edit(id, `Edited ${round}`)),
        approve(manager, id),
      ]);
      const document = await slice.as(author, () => slice.db.get(Document, id));
      const history = await slice.as(author, () => facade.historyOf(DOCUMENT, id));
      if (decided.status === 'rejected') {
        expect(decided.reason.code).toBe('stale_revision');
        expect(history[0]!.status).toBe('pending');
      } else {
        // approved before the edit: the approval is of revision 1, which the document no longer is
        expect([history[0]!.status, history[0]!.revision, document.revision]).toEqual(['approved', 1, 2]);
      }
    }
  });

  it('refuse a revision that is no longer asked for, and say which is', async () => {
    const { id } = await submitted();
    await slice.as(author, () => documents.edit(id, 'Dearest customer'));
    await slice.as(author, () => documents.submit(id));
    await expect(approve(manager, id, 1)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'stale_revision',
      details: { seen: 1, current: 2 },
    });
    expect((await approve(manager, id, 2)).status).toBe('approved');
    const rounds = await slice.as(author, () => facade.historyOf(DOCUMENT, id));
    expect(rounds.map(({ revision, status }) => [revision, status])).toEqual([
      [1, 'superseded'],
      [2, 'approved'],
    ]);
  });

  it('refuse content that changed behind a revision', async () => {
    const wish = aWish();
    await slice.as(author, () => facade.request(wish));
    const changed = { ...wish, contentHash: 'another', decision: 'approved' as const };
    await expect(slice.as(manager, () => facade.decide(changed))).rejects.toMatchObject({ code: 'stale_revision' });
  });

  it('want the revision', async () => {
    const wish = aWish();
    await slice.as(author, () => facade.request(wish));
    const blind = { ...wish, revision: undefined, decision: 'approved' as const };
    await expect(slice.as(manager, () => facade.decide(blind))).rejects.toMatchObject({
      kind: 'precondition_required',
      code: 'revision_required',
    });
  });

  it('keep every round with its notes', async () => {
    const { id } = await submitted();
    await reject(manager, id);
    await slice.as(author, () => documents.edit(id, 'With the date'));
    await slice.as(author, () => documents.submit(id));
    await slice.as(author, () => documents.recall(id));
    await slice.as(author, () => documents.submit(id));
    await approve(manager, id, 2);
    const rounds = await slice.as(author, () => facade.historyOf(DOCUMENT, id));
    expect(rounds.map(({ revision, status, notes, decisions }) => [revision, status, notes, decisions.length])).toEqual(
      [
        [1, 'rejected', 'Quote the date', 1],
        [2, 'recalled', null, 0],
        [2, 'approved', null, 1],
      ],
    );
    expect(rounds[0]!.decisions[0]).toMatchObject({
      decidedBy: manager.id,
      decision: 'rejected',
      approvalNotes: 'Quote the date',
      at: rounds[0]!.decidedAt,
    });
  });

  it('are asked for once at a time', async () => {
    const wish = aWish();
    const asked = await Promise.allSettled(
      Array.from({ length: 10 }, () => slice.as(author, () => facade.request(wish))),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of asked)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'approval_already_requested' });
  });

  it('cannot be recalled once decided, nor decided once recalled', async () => {
    const decided = await submitted();
    await approve(manager, decided.id);
    await expect(slice.as(author, () => documents.recall(decided.id))).rejects.toMatchObject({
      code: 'already_decided',
    });
    const recalled = await submitted();
    await slice.as(author, () => documents.recall(recalled.id));
    await expect(approve(manager, recalled.id)).rejects.toMatchObject({
      code: 'invalid_transition',
      details: { from: 'recalled', to: 'approved' },
    });
  });

  it('answer 404 where nobody asked', async () => {
    const decision = { ...aWish(), decision: 'approved' as const };
    await expect(slice.as(manager, () => facade.decide(decision))).rejects.toMatchObject({
      kind: 'not_found',
      code: 'approval_not_requested',
    });
    expect(await slice.as(manager, () => facade.pendingOf(DOCUMENT, newId()))).toBeUndefined();
  });

  describe('are not given by who had a hand in it', () => {
    const grants = [decide, ApprovalPermissions.read, ApprovalPermissions.manage];
    const editor = anActor(grants);
    const submitter = anActor(grants);
    const wish = () => aWish({ excluded: [author.id, editor.id] });

    it.each([
      ['the author', anActor(grants, { id: author.id })],
      ['an editor', editor],
      ['the submitter', submitter],
    ])('whatever else %s may do', async (_, who) => {
      const asked = wish();
      await slice.as(submitter, () => facade.request(asked));
      for (const decision of ['approved', 'rejected'] as const) {
        const decided = slice.as(who, () => facade.decide({ ...asked, decision, notes: 'x' }));
        await expect(decided).rejects.toMatchObject({ kind: 'forbidden', code: 'self_approval' });
      }
    });

    it('unless the tenant switched that on, and then it is flagged', async () => {
      const policies = slice.get(ApprovalPoliciesService);
      const rules = { name: 'Small team', allowSelfApproval: true, isActive: true };
      await slice.as(manager, () => policies.set(DOCUMENT, rules));
      const asked = wish();
      const { id } = await slice.as(submitter, () => facade.request(asked));
      await slice.as(submitter, () => facade.decide({ ...asked, decision: 'approved' }));
      const { rows } = await slice.superuser.query(
        "select actor_id, entity, entity_id, after from audit_log where action = 'self_approved'",
      );
      expect(rows).toMatchObject([
        { actor_id: submitter.id, entity: 'approval_requests', entity_id: id, after: { subjectId: asked.subjectId } },
      ]);
      expect((await slice.superuser.query('select is_self_approval from approval_decisions')).rows).toEqual([
        { is_self_approval: true },
      ]);
    });

    it('also when the policy that allowed it was switched off after the request', async () => {
      const policies = slice.get(ApprovalPoliciesService);
      const rules = { name: 'Small team', allowSelfApproval: true, isActive: true };
      await slice.as(manager, () => policies.set(DOCUMENT, rules));
      const asked = wish();
      await slice.as(submitter, () => facade.request(asked));
      await slice.as(manager, () => policies.set(DOCUMENT, { ...rules, isActive: false }));
      const decided = slice.as(submitter, () => facade.decide({ ...asked, decision: 'approved' }));
      await expect(decided).rejects.toMatchObject({ code: 'self_approval' });
    });
  });

  it('are refused to who lost the permission between list and click', async () => {
    const { id } = await submitted();
    const demoted = anActor([], { id: manager.id });
    await expect(approve(demoted, id)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'permission_missing',
      details: { permission: 'approvals:decide' },
    });
  });

  it('reach no further than the permission', async () => {
    const team = newId();
    const { id } = await submitted({ teamId: team });
    const of = (grant: string, teams: string[] = []) => anActor([grant], { teams });
    for (const who of [
      of('approvals:decide_team'),
      of('approvals:decide_team', [newId()]),
      of('approvals:decide_own', [team]),
    ]) {
      await expect(approve(who, id)).rejects.toMatchObject({ kind: 'forbidden', code: 'out_of_reach' });
    }
    expect((await approve(of('approvals:decide_team', [team]), id)).status).toBe('approved');
  });

  it('reach the same rows in SQL as in memory', async () => {
    const [teams, people] = [
      [newId(), newId(), newId()],
      [newId(), newId(), newId()],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          teamId: fc.constantFrom(null, ...teams),
          excluded: fc.subarray(people, { minLength: 1 }),
          mine: fc.subarray(teams),
          me: fc.constantFrom(...people),
          grant: fc.constantFrom(undefined, 'approvals:decide_own', 'approvals:decide_team', 'approvals:decide_all'),
        }),
        async ({ teamId, excluded, mine, me, grant }) => {
          const actor = anActor(grant ? [grant] : [], { id: me, teams: mine });
          const params: unknown[] = [teamId, excluded];
          const predicate = withinReach(actor, decide, params);
          const [row] = await slice.as(actor, () =>
            slice.db.query<{ inside: boolean | null }>(
              `select ${predicate} as inside from (select $1::uuid as team_id, $2::uuid[] as excluded) r`,
              params,
            ),
          );
          expect(row?.inside ?? false).toBe(isWithinReach(actor, decide, { teamId, excluded }));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of one tenant are nobody else’s', async () => {
    const { id } = await submitted();
    const stranger = anActor([decide], { tenantId: OTHER_TENANT });
    await expect(
      slice.as(stranger, () => facade.recall({ subjectKind: DOCUMENT, subjectId: id })),
    ).rejects.toMatchObject({ kind: 'not_found' });
    expect(await slice.as(stranger, () => facade.historyOf(DOCUMENT, id))).toEqual([]);
  });

  it('stand for ever: the application can neither change nor delete a decision', async () => {
    const { id } = await submitted();
    await approve(manager, id);
    for (const sql of ["update approval_decisions set notes = 'x'", 'delete from approval_decisions']) {
      await expect(slice.as(manager, () => slice.db.transaction(() => slice.db.query(sql)))).rejects.toMatchObject({
        code: '42501',
      });
    }
  });
});
