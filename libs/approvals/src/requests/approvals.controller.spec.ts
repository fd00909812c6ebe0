import { type Actor, newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalsFacade } from '../index.js';
import { approvalsContexts, aWish, tokenFor } from '../testing.js';
import { Document, Documents, documentsContext } from '../testing/documents-context.js';
import { ApprovalPermissions } from './approval.policy.js';

const URL = '/api/v1/approvals';
const { read, decide } = ApprovalPermissions;
type Row = { id: string; title: string; mayDecide: boolean };

describe('/approvals', () => {
  let slice: Slice;
  const author = anActor([read], { name: 'Author' });
  const manager = anActor([read, decide], { name: 'Manager' });
  let token: string;
  const tokenOf = (actor: Actor): Promise<string> => tokenFor(slice, actor);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext] });
    token = await tokenOf(manager);
  });
  beforeEach(() =>
    slice.empty('approval_decisions', 'approval_requests', 'approval_policies', 'documents', 'outbox', 'deliveries'),
  );
  afterAll(() => slice.close());

  const submitted = (asked: Parameters<Documents['submitted']>[1] = {}, text = 'Dear customer', by = author) =>
    slice.as(by, () => slice.get(Documents).submitted(text, asked));
  const get = (path: string, as = token) => slice.http('GET', `${URL}${path}`, { token: as });
  const post = (path: string, body: object, as = token) => slice.http('POST', `${URL}${path}`, { token: as, body });
  const titles = (body: { data: Row[] }): string[] => body.data.map(({ title }) => title);

  it('approves through the subject, both at once', async () => {
    const { id, request } = await submitted();
    const { status, body } = await post(`/${request.id}/approve`, { revision: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: request.id,
      subjectId: id,
      status: 'approved',
      decidedBy: manager.id,
      mayDecide: false,
      version: 2,
    });
    expect(body.decisions).toMatchObject([
      { decision: 'approved', decidedBy: manager.id, revision: 1, isSelfApproval: false },
    ]);
    expect((await slice.as(author, () => slice.db.get(Document, id))).status).toBe('approved');
  });

  it('rejects with notes', async () => {
    const { request } = await submitted();
    const { body } = await post(`/${request.id}/reject`, { revision: 1, approvalNotes: 'Quote the date' });
    expect(body).toMatchObject({ status: 'rejected', approvalNotes: 'Quote the date' });
  });

  it.each([
    ['no revision', 'approve', {}, 428, 'revision_required'],
    ['another revision', 'approve', { revision: 2 }, 409, 'stale_revision'],
    ['a revision that is no number', 'approve', { revision: 'one' }, 400, 'validation_failed'],
    ['null for a revision', 'approve', { revision: null }, 400, 'validation_failed'],
    ['a rejection without notes', 'reject', { revision: 1 }, 400, 'validation_failed'],
    ['a rejection with blank notes', 'reject', { revision: 1, approvalNotes: '  ' }, 400, 'approval_notes_required'],
  ])('refuses %s', async (_, verb, given, expected, code) => {
    const { request } = await submitted();
    const { status, body } = await post(`/${request.id}/${verb}`, given);
    expect([status, body.code]).toEqual([expected, code]);
  });

  it('points to the notes that are missing', async () => {
    const { request } = await submitted();
    const { body } = await post(`/${request.id}/reject`, { revision: 1, approvalNotes: ' ' });
    expect(body.errors).toMatchObject([{ pointer: '/approvalNotes' }]);
  });

  it('has one winner of 200 requests at once', async () => {
    const { request } = await submitted();
    const tokens: string[] = [];
    for (let i = 0; i < 200; i++) tokens.push(await tokenOf(anActor([read, decide])));
    const answers = await Promise.all(
      tokens.map((one, index) =>
        post(
          `/${request.id}/${index % 2 ? 'approve' : 'reject'}`,
          { revision: 1, approvalNotes: 'Quote the date' },
          one,
        ),
      ),
    );
    const [winner, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    const lost = answers.filter(({ status }) => status === 409);
    expect(lost).toHaveLength(199);
    for (const { body } of lost) {
      expect(body).toMatchObject({ code: 'already_decided', decidedBy: winner!.body.decidedBy });
    }
  });

  it('refuses who had a hand in it', async () => {
    const { request } = await submitted({ excluded: [manager.id] });
    expect((await post(`/${request.id}/approve`, { revision: 1 })).body).toMatchObject({
      status: 403,
      code: 'self_approval',
    });
    expect((await get(`/${request.id}`)).body).toMatchObject({ mayDecide: false });
  });

  it('refuses a kind of subject that nothing here decides on', async () => {
    const { id } = await slice.as(author, () => slice.get(ApprovalsFacade).request(aWish({ subjectKind: 'letters' })));
    expect((await post(`/${id}/approve`, { revision: 1 })).body).toMatchObject({
      status: 422,
      code: 'approval_subject_unknown',
    });
  });

  it('queues what is due soonest first, and what has no deadline last', async () => {
    const at = (hour: number) => new Date(Date.UTC(2026, 10, 2, hour));
    await submitted({ dueAt: null }, 'whenever');
    await submitted({ dueAt: at(15) }, 'afternoon');
    await submitted({ dueAt: at(9) }, 'morning');
    const decided = await submitted({ dueAt: at(8) }, 'decided');
    await post(`/${decided.request.id}/approve`, { revision: 1 });
    expect(titles((await get('/queue')).body)).toEqual(['morning', 'afternoon', 'whenever']);
    const first = (await get('/queue?limit=1&cursor=')).body;
    const rest = (await get(`/queue?limit=5&cursor=${first.meta.nextCursor}`)).body;
    expect([...titles(first), ...titles(rest)]).toEqual(['morning', 'afternoon', 'whenever']);
    expect(titles((await get(`/queue?dueAt[lt]=${at(12).toISOString()}`)).body)).toEqual(['morning']);
    expect(titles((await get('/queue?dueAt[null]=true')).body)).toEqual(['whenever']);
  });

  it('says in the queue what the reader may not decide', async () => {
    await submitted({}, 'of others');
    await submitted({ excluded: [manager.id] }, 'edited by me');
    const { body } = await get('/queue?sort=createdAt');
    expect(body.data.map(({ title, mayDecide }: Row) => [title, mayDecide])).toEqual([
      ['of others', true],
      ['edited by me', false],
    ]);
  });

  it('filters by kind, team and who asked', async () => {
    const teamId = newId();
    const other = anActor();
    await submitted({ teamId }, 'of the team');
    await submitted({}, 'of another', other);
    expect(titles((await get(`/queue?teamId=${teamId}`)).body)).toEqual(['of the team']);
    expect(titles((await get(`/queue?requestedBy=${other.id}`)).body)).toEqual(['of another']);
    expect(titles((await get('/queue?subjectKind=letters')).body)).toEqual([]);
    expect((await get('/queue?status=approved')).body).toMatchObject({ status: 400, code: 'invalid_query' });
    expect(titles((await get('?status=approved')).body)).toEqual([]);
    expect(titles((await get('?status=pending&sort=createdAt')).body)).toEqual(['of the team', 'of another']);
  });

  it('shows each reader what is within reach, and hides the rest', async () => {
    const [mine, theirs] = [newId(), newId()];
    const own = await submitted({ teamId: theirs }, 'own');
    const ofTeam = await submitted({ teamId: mine }, 'team', anActor());
    const foreign = await submitted({ teamId: theirs }, 'foreign', anActor());
    const as = (grant: string) => tokenOf(anActor([grant, 'approvals:decide_team'], { id: author.id, teams: [mine] }));
    const reader = {
      own: await as('approvals:read_own'),
      team: await tokenOf(anActor(['approvals:read_team', 'approvals:decide_team'], { teams: [mine] })),
      all: await tokenOf(anActor([read])),
    };
    expect(titles((await get('?sort=createdAt', reader.own)).body)).toEqual(['own']);
    expect(titles((await get('?sort=createdAt', reader.team)).body)).toEqual(['team']);
    expect(titles((await get('?sort=createdAt', reader.all)).body)).toEqual(['own', 'team', 'foreign']);
    expect(titles((await get('/queue', reader.team)).body)).toEqual(['team']);
    expect((await get(`/${foreign.request.id}`, reader.team)).status).toBe(404);
    expect((await post(`/${foreign.request.id}/approve`, { revision: 1 }, reader.team)).status).toBe(404);
    expect((await get(`/${own.request.id}`, reader.own)).status).toBe(200);
    expect((await get(`/${ofTeam.request.id}`, reader.team)).body).toMatchObject({ mayDecide: true });
  });

  it('wants a permission, and another one to decide', async () => {
    const { request } = await submitted();
    const reader = await tokenOf(author);
    expect((await get('', await tokenOf(anActor()))).status).toBe(403);

    expect((await get('/queue', reader)).body).toMatchObject({ status: 403, permission: 'approvals:decide' });
    expect((await get(`/${request.id}`, reader)).body).toMatchObject({ mayDecide: false });
    expect((await post(`/${request.id}/approve`, { revision: 1 }, reader)).body).toMatchObject({
      status: 403,
      permission: 'approvals:decide',
    });
  });

  it('shows another tenant nothing', async () => {
    const { request } = await submitted();
    const stranger = await tokenOf(anActor([read, decide], { tenantId: OTHER_TENANT }));
    expect((await get('', stranger)).body.data).toEqual([]);
    expect((await get('/queue', stranger)).body.data).toEqual([]);
    expect((await get(`/${request.id}`, stranger)).status).toBe(404);
  });

  it('reads a list in as many statements, however long it is', async () => {
    const count = async (): Promise<number> => {
      const before = statementsSent();
      await get('/queue?limit=100');
      return statementsSent() - before;
    };
    await submitted();
    await count();
    const short = await count();
    for (let i = 0; i < 30; i++) await submitted();
    expect(await count()).toBe(short);
  });
});
