import { type SignedIn, signIn } from '@app/auth/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anInquiry, callsOf, deskContexts, everything } from '../testing/desk.js';

describe('The approval policy of responses', () => {
  let slice: Slice;
  let author: SignedIn;
  let manager: SignedIn;
  let junior: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: deskContexts });
    author = await signIn(slice, { grants: everything });
    manager = await signIn(slice, { grants: everything });
    junior = await signIn(slice, { grants: everything });
  });
  afterAll(() => slice.close());

  const { call, post, drafted, submitted } = callsOf(() => ({ slice, author, manager }));
  const roleOf = async ({ userId }: SignedIn): Promise<string> =>
    (await slice.superuser.query('select role_id as id from user_roles where user_id = $1', [userId])).rows[0].id;
  const needs = async (...rules: object[]) => {
    const policy = { name: 'Support', allowSelfApproval: false, isActive: true, rules };
    const { status, body } = await call('PUT', '/approval-policies/responses.response', policy, manager);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };
  const nobodyFor = (when: object, over: object = {}) => ({ name: 'Trusted', when, outcome: 'none', ...over });

  it('trusts a senior’s text no more once somebody else had a hand in it', async () => {
    await needs(nobodyFor({ field: 'authorRoles', op: 'contains', value: await roleOf(author) }));
    const own = await drafted();
    expect((await post(own, 'submit')).body).toMatchObject({ status: 'approved', waivedByRule: 'Trusted' });
    const edited = await drafted();
    await call('PATCH', `/responses/${edited}`, { message: 'Whatever a junior says.' }, junior);
    expect((await post(edited, 'submit')).body).toMatchObject({ status: 'pending_approval', waivedByRule: null });
    const taken = await drafted();
    expect((await post(taken, 'submit', {}, junior)).body).toMatchObject({ status: 'pending_approval' });
  });

  it('is as strict as for anybody who had a hand in it, where it says so', async () => {
    await needs(
      {
        ...{ name: 'Juniors', when: { field: 'writerRoles', op: 'contains', value: await roleOf(junior) } },
        ...{ outcome: 'approval', stages: [{ approvers: { kind: 'anyone' }, required: 1 }] },
      },
      nobodyFor({ all: [] }),
    );
    const edited = await drafted();
    await call('PATCH', `/responses/${edited}`, { message: 'Whatever a junior says.' }, junior);
    expect((await post(edited, 'submit')).body).toMatchObject({ status: 'pending_approval' });
    expect((await post(await drafted(), 'submit')).body).toMatchObject({ status: 'approved' });
  });

  it('knows who is new, by the newest of them', async () => {
    await needs(nobodyFor({ field: 'authorDays', op: 'gte', value: 30 }));
    expect((await post(await drafted(), 'submit')).body).toMatchObject({ status: 'pending_approval' });
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${manager.userId}', true);
       update users set created_at = created_at - interval '31 days' where id = '${author.userId}'; commit`,
    );
    expect((await post(await drafted(), 'submit')).body).toMatchObject({ status: 'approved' });
    const edited = await drafted();
    await call('PATCH', `/responses/${edited}`, { message: 'Whatever a novice says.' }, junior);
    expect((await post(edited, 'submit')).body).toMatchObject({ status: 'pending_approval' });
  });

  it('takes macros for a fact that it may ask for', async () => {
    await needs(nobodyFor({ field: 'fromMacro', op: 'eq', value: true }));
    expect((await post(await drafted(), 'submit')).body).toMatchObject({ status: 'pending_approval' });
  });

  it('has a share of what it asks nobody for looked at all the same, and keeps that on record', async () => {
    await needs(nobodyFor({ all: [] }, { samplePercent: 100 }));
    const id = await submitted();
    expect((await call('GET', `/responses/${id}`)).body).toMatchObject({ status: 'pending_approval' });
    const [request] = (await call('GET', `/approvals/queue?subjectId=${id}`, undefined, manager)).body.data;
    const { body } = await call('GET', `/approvals/${request.id}`, undefined, manager);
    expect(body.policy).toMatchObject({ rule: 'Trusted', isSample: true, stages: [{ required: 1 }] });
    expect((await post(id, 'approve', { revision: 1 }, manager)).body).toMatchObject({ status: 'approved' });
  });

  it('lets no answer out of its samples by drafting it once more', async () => {
    await needs(nobodyFor({ all: [] }, { samplePercent: 50 }));
    const inquiryId = await anInquiry(slice);
    const statuses = new Set<string>();
    for (let again = 0; again < 5; again++) {
      const { body } = await call('POST', '/responses', { inquiryId, message: `It left ${again} days ago.` });
      statuses.add((await post(body.id, 'submit')).body.status);
    }
    expect(statuses.size).toBe(1);
  });

  describe('with somebody who is asked by name', () => {
    const stage = (...people: SignedIn[]) => ({
      ...{ name: 'Named', when: { all: [] }, outcome: 'approval' },
      stages: [{ approvers: { kind: 'users', ids: people.map(({ userId }) => userId) }, required: 1 }],
    });

    it('lets them pass it on, and tells so in its history', async () => {
      await needs(stage(manager));
      const id = await submitted();
      expect((await post(id, 'delegate', { toUserId: junior.userId }, manager)).body).toMatchObject({ status: 428 });
      const passed = await post(id, 'delegate', { revision: 1, toUserId: junior.userId }, manager);
      expect(passed.body).toMatchObject({ status: 'pending_approval', revision: 1 });
      const { data } = (await call('GET', `/responses/${id}/history`)).body;
      expect(data[0]).toMatchObject({ kind: 'delegated', actorId: manager.userId, notes: junior.userId });
      expect((await post(id, 'approve', { revision: 1 }, manager)).body).toMatchObject({ code: 'not_called_upon' });
      expect((await post(id, 'approve', { revision: 1 }, junior)).body).toMatchObject({ status: 'approved' });
    });

    it('and to nobody who had a hand in it', async () => {
      await needs(stage(manager));
      const id = await submitted();
      const { body } = await post(id, 'delegate', { revision: 1, toUserId: author.userId }, manager);
      expect(body).toMatchObject({ status: 422, code: 'delegate_excluded' });
      expect((await post(id, 'delegate', { revision: 1, toUserId: manager.userId })).body).toMatchObject({
        code: 'self_approval',
      });
    });
  });
});
