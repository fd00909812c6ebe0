import { type Actor, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsContexts, tokenFor } from '../testing.js';
import { Document, Documents, documentsContext } from '../testing/documents-context.js';
import { ApprovalPermissions } from '../requests/approval.policy.js';

const { read, decide } = ApprovalPermissions;
type Result = { status: number; approvalStatus: string | null; problem: { code: string } | null };

describe('Deciding in bulk', () => {
  let slice: Slice;
  let token: string;
  const author = anActor([read]);
  const manager = anActor([read, decide]);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext] });
    token = await tokenFor(slice, manager);
  });
  afterAll(() => slice.close());

  const submitted = async (by: Actor = author) => {
    const { id, request } = await slice.as(by, () => slice.get(Documents).submitted());
    return { document: id, id: request.id };
  };
  const send = (decisions: unknown, headers: Record<string, string> = {}, as = token) =>
    slice.http('POST', '/api/v1/approvals/bulk-decide', { token: as, headers, body: { decisions } });
  const outcomes = (body: { data: Result[] }) =>
    body.data.map(({ status, approvalStatus, problem }) => [status, approvalStatus ?? problem?.code]);
  const statusOf = async (id: string) => (await slice.as(author, () => slice.db.get(Document, id))).status;

  it('answers for each decision, and what is refused leaves the others as they are', async () => {
    const [one, two, three, own] = [await submitted(), await submitted(), await submitted(), await submitted(manager)];
    const { status, body } = await send([
      { id: one.id, revision: 1, decision: 'approved', notes: 'Good.' },
      { id: two.id, revision: 2, decision: 'approved' },
      { id: three.id, revision: 1, decision: 'rejected', notes: ' ' },
      { id: three.id, revision: 1, decision: 'rejected', notes: 'Name the date.' },
      { id: own.id, revision: 1, decision: 'approved' },
      { id: newId(), revision: 1, decision: 'approved' },
      { id: one.id, revision: 1, decision: 'rejected', notes: 'Too late.' },
    ]);
    expect(status).toBe(200);
    expect(outcomes(body)).toEqual([
      [200, 'approved'],
      [409, 'stale_revision'],
      [400, 'approval_notes_required'],
      [200, 'rejected'],
      [403, 'self_approval'],
      [404, 'not_found'],
      [409, 'already_decided'],
    ]);
    expect(body.meta).toEqual({ total: 7, succeeded: 2, failed: 5 });
    expect(body.data[0]).toEqual({ index: 0, id: one.id, status: 200, approvalStatus: 'approved', problem: null });
    const documents = [one, two, three, own].map(({ document }) => statusOf(document));
    expect(await Promise.all(documents)).toEqual(['approved', 'pending', 'rejected', 'pending']);
    const denied = "select after->>'code' as code from audit_log where entity = 'routes' and action = 'denied'";
    expect((await slice.superuser.query(denied)).rows).toEqual([{ code: 'self_approval' }]);
  });

  it('goes on after a refusal also inside the one transaction of an Idempotency-Key', async () => {
    const [one, two] = [await submitted(manager), await submitted()];
    const decisions = [one, two].map(({ id }) => ({ id, revision: 1, decision: 'approved' }));
    const first = await send(decisions, { 'idempotency-key': 'bulk-decide' });
    expect(outcomes(first.body)).toEqual([
      [403, 'self_approval'],
      [200, 'approved'],
    ]);
    const again = await send(decisions, { 'idempotency-key': 'bulk-decide' });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect([await statusOf(one.document), await statusOf(two.document)]).toEqual(['pending', 'approved']);
  });

  it('has one winner for each request of many who decide on the same at once', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => submitted()));
    const tokens: string[] = [];
    for (let i = 0; i < 8; i++) tokens.push(await tokenFor(slice, anActor([read, decide])));
    const answers = await Promise.all(
      tokens.map((one, at) => {
        const decisions = asked.map(({ id }) => ({ id, revision: 1, decision: 'approved' }));
        return send(at % 2 ? decisions : decisions.reverse(), {}, one);
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const results = answers.flatMap(({ body }) => outcomes(body));
    expect(results.filter(([status]) => status === 200)).toHaveLength(10);
    expect(results.filter(([, code]) => code === 'already_decided')).toHaveLength(70);
  });

  it.each<[string, unknown]>([
    ['nothing', []],
    ['too many', Array.from({ length: 101 }, () => ({ id: newId(), revision: 1, decision: 'approved' }))],
    ['no revision', [{ id: newId(), decision: 'approved' }]],
    ['another decision', [{ id: newId(), revision: 1, decision: 'recalled' }]],
  ])('refuses %s', async (_, decisions) => {
    expect((await send(decisions)).status).toBe(400);
  });

  it('needs the permission to decide', async () => {
    const reader = await tokenFor(slice, anActor([read]));
    expect((await send([{ id: newId(), revision: 1, decision: 'approved' }], {}, reader)).status).toBe(403);
  });
});
