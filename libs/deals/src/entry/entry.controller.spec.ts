import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const SELLING = [
  ...['deals:read_all', 'deals:create', 'deals:update_all', 'deals:delete_all', 'pipelines:read', 'pipelines:manage'],
];
const BUDGET = 'The budget is confirmed';

describe('What a stage asks for beside fields', () => {
  let slice: Slice;
  let worker: Slice;
  let [mira, boss, outsider]: SignedIn[] = [];
  let stages: { first: string; listed: string; approved: string };

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    worker = await bootSlice({
      ...{ contexts: dealsContexts, app: 'worker' },
      beside: { database: slice.database, config: slice.config },
    });
    mira = await signIn(slice, { grants: [...SELLING, 'approvals:decide_all', 'approvals:read_all'] });
    boss = await signIn(slice, { grants: ['approvals:decide_all', 'approvals:read_all', 'approvals:manage'] });
    outsider = await signIn(slice, { grants: ['deals:read_own', 'deals:update_own', 'deals:create'] });
    const stage = (name: string, position: number, over: object = {}) => ({ name, position, probability: 10, ...over });
    const { body } = await call('POST', 'pipelines', {
      ...{ name: 'Guarded', currency: 'EUR' },
      stages: [
        stage('First', 1),
        stage('Listed', 2, { checklist: [` ${BUDGET} `, 'The date is known'] }),
        stage('Approved', 3, { needsApproval: true }),
      ],
    });
    const [first, listed, approved] = body.stages.map(({ id }: { id: string }) => id);
    stages = { first, listed, approved };
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const call = (method: Method, path: string, body?: unknown, who = mira) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body });
  const aDeal = async (over: object = {}, who = mira): Promise<string> => {
    const { status, body } = await call('POST', 'deals', { name: 'Outing', stageId: stages.first, ...over }, who);
    expect(status).toBe(201);
    return body.id;
  };
  const moveTo = (id: string, stageId: string) => call('POST', `deals/${id}/stage`, { stageId });
  const check = (id: string, item: string, isDone = true, who = mira) =>
    call('PUT', `deals/${id}/checklist`, { stageId: stages.listed, item, isDone }, who);
  const ask = (id: string, stageId = stages.approved) => call('POST', `deals/${id}/approval`, { stageId });
  const waiting = async (id: string): Promise<{ id: string; revision: number } | undefined> => {
    const { body } = await call('GET', 'approvals/queue?limit=100', undefined, boss);
    return body.data.find(({ subjectId }: { subjectId: string }) => subjectId === id);
  };
  const decide = async (id: string, decision: 'approve' | 'reject', who = boss) => {
    const request = await waiting(id);
    const body = { revision: request!.revision, ...(decision === 'reject' && { approvalNotes: 'Too cheap' }) };
    return call('POST', `approvals/${request!.id}/${decision}`, body, who);
  };
  const unmet = ({ body }: { body: { errors: { pointer: string; code: string; message: string }[] } }): string[] =>
    body.errors.map(({ code, message }) => `${code} ${message}`);

  describe('is a checklist', () => {
    it('whose points are ticked off before a deal comes in, and stay so', async () => {
      const id = await aDeal();
      expect((await call('GET', `deals/${id}/checklist`)).body).toEqual({
        stages: [
          {
            ...{ stageId: stages.listed, name: 'Listed' },
            items: [
              { item: BUDGET, isDone: false },
              { item: 'The date is known', isDone: false },
            ],
          },
        ],
      });
      expect((await check(id, BUDGET)).status).toBe(200);
      const refused = await moveTo(id, stages.listed);
      expect([refused.status, refused.body.code, unmet(refused)]).toEqual([
        ...[422, 'stage_demands'],
        ['not_checked The date is known'],
      ]);
      await check(id, 'The date is known');
      expect((await moveTo(id, stages.listed)).status).toBe(200);
      expect((await check(id, BUDGET, false)).body.code).toBe('stage_demands');
      expect((await call('GET', `deals/${id}/checklist`)).body.stages[0].items).toMatchObject([
        { isDone: true },
        { isDone: true },
      ]);
      await moveTo(id, stages.first);
      expect((await check(id, BUDGET, false)).status).toBe(200);
    });

    it('of points that the stage has, ticked off once', async () => {
      const id = await aDeal();
      expect((await check(id, 'Something else')).body).toMatchObject({ status: 422, code: 'point_unknown' });
      const elsewhere = { stageId: newId(), item: BUDGET, isDone: true };
      expect((await call('PUT', `deals/${id}/checklist`, elsewhere)).body.code).toBe('stage_unknown');
      expect((await check(id, BUDGET)).body.version).toBe(2);
      expect((await check(id, BUDGET)).body.version).toBe(2);
      for (const body of [{ stageId: stages.listed, item: BUDGET }, { stageId: 1, item: '', isDone: 'yes' }, {}])
        expect((await call('PUT', `deals/${id}/checklist`, body)).status).toBe(400);
    });

    it('of which none is lost when several are ticked off at once', async () => {
      const id = await aDeal();
      const answers = await Promise.all([check(id, BUDGET), check(id, 'The date is known')]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect((await moveTo(id, stages.listed)).status).toBe(200);
    });

    it('of nobody who may not change the deal', async () => {
      const id = await aDeal();
      expect((await check(id, BUDGET, true, outsider)).status).toBe(404);
      expect((await call('GET', `deals/${id}/checklist`, undefined, outsider)).status).toBe(404);
    });

    it.each([
      [['', 'x']],
      [['x', 'x']],
      [['two\nlines']],
      [Array.from({ length: 21 }, (_, n) => `${n}`)],
      ['x'],
      [[1]],
    ])('of nothing else: %j', async (checklist) => {
      const stage = { name: newId(), position: 9, probability: 1, checklist };
      const { body: list } = await call('GET', 'pipelines?name=Guarded');
      expect((await call('POST', `pipelines/${list.data[0].id}/stages`, stage)).status).toBe(400);
    });
  });

  describe('is the approval of others', () => {
    const line = { name: 'Tour', quantity: '10', unitAmount: 1_000, discountPercent: '15' };

    it('by terms that then stay as they are', async () => {
      const id = await aDeal();
      await call('POST', `deals/${id}/items`, line);
      expect(unmet(await moveTo(id, stages.approved))).toEqual([expect.stringMatching(/^approval_required/)]);
      const asked = await ask(id);
      expect(asked.body).toMatchObject({
        ...{ amount: 8_500, discountPercent: '15.00', stageId: stages.first },
        approval: { stageId: stages.approved, status: 'pending' },
      });
      expect((await moveTo(id, stages.approved)).body.code).toBe('stage_demands');
      expect((await decide(id, 'approve')).status).toBe(200);
      expect((await call('GET', `deals/${id}`)).body.approval).toEqual({
        stageId: stages.approved,
        status: 'approved',
      });
      expect((await moveTo(id, stages.approved)).status).toBe(200);
      expect((await call('PATCH', `deals/${id}`, { name: 'Renamed' })).status).toBe(200);
      const cheaper = await call('POST', `deals/${id}/items`, line);
      expect([cheaper.status, unmet(cheaper)]).toEqual([422, [expect.stringMatching(/^approval_required/)]]);
    });

    it('of nobody who asks for it, or whose deal it is', async () => {
      const id = await aDeal();
      await ask(id);
      expect((await decide(id, 'approve', mira)).body).toMatchObject({ status: 403, code: 'self_approval' });
    });

    it('void where the terms changed meanwhile, and asked for anew', async () => {
      const id = await aDeal({ amount: 100 });
      await ask(id);
      await call('PATCH', `deals/${id}`, { amount: 50 });
      expect((await decide(id, 'approve')).body).toMatchObject({ status: 409, code: 'stale_revision' });
      await ask(id);
      expect((await decide(id, 'approve')).status).toBe(200);
      await call('PATCH', `deals/${id}`, { amount: 40 });
      expect((await moveTo(id, stages.approved)).body.code).toBe('stage_demands');
    });

    it('which may be refused', async () => {
      const id = await aDeal();
      await ask(id);
      expect((await decide(id, 'reject')).status).toBe(200);
      expect((await call('GET', `deals/${id}`)).body.approval.status).toBe('rejected');
      expect((await moveTo(id, stages.approved)).body.code).toBe('stage_demands');
    });

    it('asked for where it is needed, of what is open', async () => {
      const id = await aDeal();
      expect((await ask(id, stages.first)).body).toMatchObject({ status: 422, code: 'approval_not_needed' });
      expect((await ask(id, newId())).body.code).toBe('stage_unknown');
      expect((await call('POST', `deals/${id}/approval`, {})).status).toBe(400);
      await call('POST', `deals/${id}/win`);
      expect((await ask(id)).body.code).toBe('deal_not_open');
    });

    it('which nobody is asked for any more once the deal is over', async () => {
      const [won, lost, trashed] = [await aDeal(), await aDeal(), await aDeal()];
      for (const id of [won, lost, trashed]) await ask(id);
      await call('POST', `deals/${won}/win`);
      await call('POST', `deals/${lost}/lose`, { reason: 'No budget' });
      await call('DELETE', `deals/${trashed}`);
      await worker.settled();
      for (const id of [won, lost, trashed]) expect(await waiting(id)).toBeUndefined();
    });

    it('of nobody, where a policy says so', async () => {
      const policy = {
        ...{ name: 'Discounts', allowSelfApproval: false, isActive: true },
        rules: [{ name: 'Small', when: { field: 'discountPercent', op: 'lt', value: 10 }, outcome: 'none' }],
      };
      expect((await call('PUT', 'approval-policies/deals.stage-entry', policy, boss)).status).toBe(200);
      const [small, large] = [await aDeal(), await aDeal()];
      await call('POST', `deals/${small}/items`, { ...line, discountPercent: '5' });
      await call('POST', `deals/${large}/items`, line);
      expect((await ask(small)).body.approval.status).toBe('approved');
      expect((await ask(large)).body.approval.status).toBe('pending');
      expect((await moveTo(small, stages.approved)).status).toBe(200);
      await call('PUT', 'approval-policies/deals.stage-entry', { ...policy, isActive: false }, boss);
    });
  });
});
