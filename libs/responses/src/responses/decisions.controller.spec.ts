import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anInquiry, callsOf, deskContexts, everything } from '../testing/desk.js';

describe('Deciding over HTTP', () => {
  const clock = new FixedClock(new Date());
  let slice: Slice;
  let author: SignedIn;
  let manager: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: deskContexts, clock });
    author = await signIn(slice, { grants: everything });
    manager = await signIn(slice, { grants: everything });
  });
  afterAll(() => slice.close());

  const { call, post, submitted } = callsOf(() => ({ slice, author, manager }));

  it('asks for what was seen where it matters', async () => {
    const id = await submitted();
    for (const verb of ['approve', 'send', 'schedule', 'release']) {
      const body = verb === 'schedule' ? { sendAt: new Date(clock.now().getTime() + 60_000).toISOString() } : {};
      expect((await post(id, verb, body, manager)).body).toMatchObject({ status: 428, code: 'revision_required' });
    }
    expect((await post(id, 'reject', { approvalNotes: 'No.' }, manager)).body).toMatchObject({
      code: 'revision_required',
    });
    expect((await post(id, 'approve', { revision: 2 }, manager)).body).toMatchObject({
      status: 409,
      code: 'stale_revision',
    });
    for (const revision of ['1', 1.5, 0, 2 ** 31]) {
      expect((await post(id, 'approve', { revision }, manager)).body).toMatchObject({
        status: 400,
        code: 'validation_failed',
      });
    }
    const seen = { 'if-match': '"2"' };
    expect((await call('POST', `/responses/${id}/approve`, {}, manager, seen)).body).toMatchObject({
      status: 'approved',
    });
  });

  it('refuses a decision by a hand in the text, and names the winner of one that was made', async () => {
    const id = await submitted();
    expect((await post(id, 'approve', { revision: 1 })).body).toMatchObject({ status: 403, code: 'self_approval' });
    await post(id, 'approve', { revision: 1 }, manager);
    expect((await post(id, 'reject', { revision: 1, approvalNotes: 'Late.' }, manager)).body).toMatchObject({
      status: 409,
      code: 'already_decided',
      decision: 'approved',
      decidedBy: manager.userId,
    });
  });

  it('tells an author who may not decide at all that it is their own text, and others what they lack', async () => {
    const grants = [
      'responses:create',
      'responses:submit',
      'responses:read_all',
      'inquiries:read_all',
      'inquiries:update_all',
    ];
    const [officer, colleague] = [await signIn(slice, { grants }), await signIn(slice, { grants })];
    const { body } = await call('POST', '/responses', { inquiryId: await anInquiry(slice), message: 'Mine.' }, officer);
    await post(body.id, 'submit', {}, officer);
    for (const [verb, decision] of [
      ['approve', { revision: 1 }],
      ['reject', { revision: 1, approvalNotes: 'No.' }],
    ] as const) {
      const [own, others] = [
        await post(body.id, verb, decision, officer),
        await post(body.id, verb, decision, colleague),
      ];
      expect(own.body).toMatchObject({ status: 403, code: 'self_approval' });
      expect(others.body).toMatchObject({ status: 403, code: 'permission_missing', permission: 'approvals:decide' });
    }
  });

  it('keeps each attempt in the audit trail, also of those who may decide on others’, and under an Idempotency-Key', async () => {
    const grants = ['responses:create', 'responses:submit', 'responses:read_all', 'inquiries:read_all'];
    const work = [...grants, 'inquiries:update_all', 'responses:update_all'];
    const officer = await signIn(slice, { grants: work });
    const both = await signIn(slice, { grants: [...work, 'approvals:decide_all'] });
    const { body } = await call('POST', '/responses', { inquiryId: await anInquiry(slice), message: 'Mine.' }, officer);
    await call('PATCH', `/responses/${body.id}`, { message: 'Ours.' }, both);
    await post(body.id, 'submit', {}, officer);
    const path = `/api/v1/responses/${body.id}/approve`;
    for (const [{ token }, key] of [
      [officer, 'a'],
      [both, 'b'],
    ] as const) {
      const asked = { token, body: { revision: 2 } };
      const headers = { 'idempotency-key': `${key}-${body.id}` };
      expect((await slice.http('POST', path, asked)).body.code).toBe('self_approval');
      expect((await slice.http('POST', path, { ...asked, headers })).body.code).toBe('self_approval');
    }
    const { rows } = await slice.superuser.query(
      "select actor_id, entity_id, after from audit_log where entity = 'routes' and action = 'denied' and after->>'path' = $1 order by id",
      [path],
    );
    expect(rows).toMatchObject(
      [officer, officer, both, both].map(({ userId }) => ({
        actor_id: userId,
        entity_id: 'POST /api/v1/responses/:id/approve',
        after: { code: 'self_approval' },
      })),
    );
  });

  it('rejects with notes and keeps them with their round', async () => {
    const id = await submitted();
    for (const approvalNotes of [undefined, '', '  ']) {
      expect((await post(id, 'reject', { revision: 1, approvalNotes }, manager)).status).toBe(400);
    }
    await post(id, 'reject', { revision: 1, approvalNotes: 'Name the date.' }, manager);
    await call('PATCH', `/responses/${id}`, { message: 'It left on Monday.' });
    await post(id, 'submit', { revision: 2 });
    const { body } = await call('GET', `/responses/${id}/approvals`);
    expect(body.data).toMatchObject([
      { revision: 1, status: 'rejected', approvalNotes: 'Name the date.', decidedBy: manager.userId },
      { revision: 2, status: 'pending', approvalNotes: null, decidedBy: null },
    ]);
    expect(body.meta).toMatchObject({ total: 2, hasNext: false });
  });

  it('may be decided on by way of the approval request as well', async () => {
    const id = await submitted();
    const queue = await call('GET', `/approvals/queue?subjectId=${id}`, undefined, manager);
    const [request] = queue.body.data;
    expect((await call('POST', `/approvals/${request.id}/approve`, { revision: 1 }, manager)).status).toBe(200);
    expect((await call('GET', `/responses/${id}`)).body).toMatchObject({
      status: 'approved',
      approvedBy: manager.userId,
    });
  });

  it('marks an approval by its author where the tenant allows that', async () => {
    const policy = { name: 'Two eyes', allowSelfApproval: true, isActive: true };
    await call('PUT', '/approval-policies/responses.response', policy, manager);
    const id = await submitted();
    const { body } = await post(id, 'approve', { revision: 1 });
    await call('PUT', '/approval-policies/responses.response', { ...policy, isActive: false }, manager);
    expect(body).toMatchObject({ status: 'approved', approvedBy: author.userId, isSelfApproved: true });
  });
});
