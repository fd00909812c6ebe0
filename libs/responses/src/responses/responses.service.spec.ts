import { ApprovalsFacade } from '@app/approvals';
import { type SignedIn, signIn } from '@app/auth/testing';
import { type Actor, FixedClock, newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anInquiry, deskContexts, everything } from '../testing/desk.js';
import { DecisionsService } from './decisions.service.js';
import { Response } from './response.entity.js';
import { ResponsesService } from './responses.service.js';

const UNDO_SECONDS = 10;

describe('Responses', () => {
  const clock = new FixedClock();
  const author = anActor(everything);
  const manager = anActor(everything);
  const editor = anActor(everything);
  let slice: Slice;
  let responses: ResponsesService;
  let decisions: DecisionsService;

  beforeAll(async () => {
    const env = { RESPONSE_UNDO_SECONDS: String(UNDO_SECONDS) };
    slice = await bootSlice({ contexts: deskContexts, clock, env });
    responses = slice.get(ResponsesService);
    decisions = slice.get(DecisionsService);
  });
  afterAll(() => slice.close());

  const draft = async (by: Actor = author, message = 'It left our house this morning.'): Promise<Response> => {
    const inquiryId = await anInquiry(slice);
    return slice.as(by, () => responses.draft({ inquiryId, message }));
  };
  const submit = ({ id }: Response, by: Actor = author): Promise<Response> =>
    slice.as(by, () => responses.submit(id, {}));
  const approve = ({ id, revision }: Response, by: Actor = manager): Promise<Response> =>
    slice.as(by, () => decisions.approve(id, { revision }, null));
  const reject = ({ id, revision }: Response, notes: string, by: Actor = manager): Promise<Response> =>
    slice.as(by, () => decisions.reject(id, { revision }, notes));
  const edit = ({ id }: Response, message: string, by: Actor = author): Promise<Response> =>
    slice.as(by, () => responses.edit(id, message, {}));
  const current = ({ id }: Response): Promise<Response> => slice.as(author, () => slice.db.get(Response, id));
  const planned = async ({ id }: Response): Promise<number> => {
    const jobs = "select count(*)::int as n from outbox where type = 'responses.send' and payload->>'responseId' = $1";
    return ((await slice.superuser.query(jobs, [id])).rows[0] as { n: number }).n;
  };

  it('are approved by another person and planned for the end of the time to undo', async () => {
    const approved = await approve(await submit(await draft()));
    expect(approved).toMatchObject({ status: 'approved', approvedBy: manager.id });
    expect(approved.sendAt?.getTime()).toBe(clock.now().getTime() + UNDO_SECONDS * 1000);
    expect(await planned(approved)).toBe(1);
  });

  it('keep every text that they ever had, and PostgreSQL lets nobody rewrite one', async () => {
    const response = await edit(await draft(), 'It left yesterday.', editor);
    const read = 'select revision, message, author_id from response_revisions where response_id = $1 order by revision';
    expect((await slice.superuser.query(read, [response.id])).rows).toEqual([
      { revision: 1, message: 'It left our house this morning.', author_id: author.id },
      { revision: 2, message: 'It left yesterday.', author_id: editor.id },
    ]);
    const rewrite = "update response_revisions set message = 'Never said' where response_id = $1";
    await expect(slice.as(author, () => slice.db.query(rewrite, [response.id]))).rejects.toThrow(/permission denied/);
  });

  it('are not approved by their author, an editor of any round or whoever submitted them, whatever they may', async () => {
    const edited = await edit(await draft(), 'By another hand.', editor);
    await submit(edited);
    await slice.as(author, () => responses.recall(edited.id, {}));
    const submitted = await submit(edited, manager);
    for (const one of [author, editor, manager]) {
      await expect(approve(submitted, one)).rejects.toMatchObject({ code: 'self_approval' });
    }
    expect(await current(submitted)).toMatchObject({ status: 'pending_approval', approvedBy: null });
    await expect(approve(submitted, anActor(everything))).resolves.toMatchObject({ status: 'approved' });
  });

  it('wait in the queue of their inquiry’s team, as urgent as the inquiry is now', async () => {
    const [former, next] = [newId(), newId()];
    const { token } = await signIn(slice, { grants: everything, teams: [former, next] });
    const inquiryId = await anInquiry(slice, { teamId: former });
    const { id } = await submit(await slice.as(author, () => responses.draft({ inquiryId, message: 'It left.' })));
    const waiting = () => slice.as(author, () => slice.get(ApprovalsFacade).pendingOf('responses.response', id));
    expect(await waiting()).toMatchObject({ teamId: former, dueAt: expect.any(Date) });
    const call = (verb: string, body: object) =>
      slice.http('POST', `/api/v1/inquiries/${inquiryId}/${verb}`, { token, body });
    expect((await call('assign', { assignedTo: null, teamId: next })).status).toBe(200);
    expect((await call('hold', { reason: 'The carrier looks for it' })).status).toBe(200);
    await slice.as(author, () => responses.followInquiry(inquiryId));
    expect(await waiting()).toMatchObject({ teamId: next, dueAt: null });
    const told =
      "select type from outbox where payload->>'inquiryId' = $1 and type in ('inquiries.moved-to-team', 'inquiries.due-changed')";
    expect((await slice.superuser.query(told, [inquiryId])).rowCount).toBe(2);
  });

  it('cannot be marked as approved by their author, even by a statement', async () => {
    const response = await draft();
    const forge = `update responses set status = 'approved', approved_by = $2, approved_at = now(), approved_hash = content_hash where id = $1`;
    await expect(
      slice.as(author, () => slice.db.transaction(() => slice.db.query(forge, [response.id, author.id]))),
    ).rejects.toMatchObject({ constraint: 'responses_are_approved_by_others' });
  });

  it('are not approved when their text was changed behind the back of their verbs', async () => {
    const submitted = await submit(await draft());
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${newId()}', true); update responses set message = 'Forged' where id = '${submitted.id}'; commit`,
    );
    await expect(approve(submitted)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await current(submitted)).toMatchObject({ status: 'pending_approval' });
  });

  it('are decided on by the revision that was seen', async () => {
    const first = await submit(await draft());
    await slice.as(author, () => responses.recall(first.id, {}));
    await submit(await edit(first, 'Another text.'));
    await expect(approve(first)).rejects.toMatchObject({ code: 'stale_revision' });
    await expect(slice.as(manager, () => decisions.approve(first.id, {}, null))).rejects.toMatchObject({
      code: 'revision_required',
    });
  });

  it('are frozen under approval, and free again after a recall', async () => {
    const submitted = await submit(await draft());
    await expect(edit(submitted, 'Another text.')).rejects.toMatchObject({ code: 'under_approval' });
    await slice.as(author, () => responses.recall(submitted.id, {}));
    await expect(edit(submitted, 'Another text.')).resolves.toMatchObject({ status: 'draft', revision: 2 });
    await expect(slice.as(manager, () => decisions.approve(submitted.id, { revision: 2 }, null))).rejects.toMatchObject(
      {
        code: 'invalid_transition',
      },
    );
  });

  it('go back to their author with what is wrong, and round again', async () => {
    const rejected = await reject(await submit(await draft()), 'Name the date.');
    expect(rejected).toMatchObject({ status: 'rejected', approvalNotes: 'Name the date.' });
    await expect(submit(rejected)).rejects.toMatchObject({ code: 'invalid_transition' });
    const approved = await approve(await submit(await edit(rejected, 'It left on Monday.')));
    expect(approved).toMatchObject({ status: 'approved', revision: 2 });
  });

  it('lose their approval with an edit, and what was planned with it', async () => {
    const approved = await approve(await submit(await draft()));
    const edited = await edit(approved, 'Another text.');
    expect(edited).toMatchObject({ status: 'draft', approvedBy: null, sendAt: null });
  });

  it('are approved once by 200 managers at the same moment', async () => {
    const submitted = await submit(await draft());
    const managers = Array.from({ length: 200 }, () => anActor(everything));
    const results = await Promise.allSettled(managers.map((one) => approve(submitted, one)));
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as { kind: string }] : []));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(lost.every(({ kind }) => kind === 'conflict')).toBe(true);
    expect(await planned(submitted)).toBe(1);
  });

  it('are either approved or rejected when two managers decide at once', async () => {
    for (let round = 0; round < 10; round++) {
      const submitted = await submit(await draft());
      const results = await Promise.allSettled([approve(submitted), reject(submitted, 'No.', editor)]);
      const winner = results.find((result) => result.status === 'fulfilled');
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await current(submitted)).status).toBe(winner?.value.status);
    }
  });

  it('never go out with a text that was edited in the moment of approval', async () => {
    for (let round = 0; round < 20; round++) {
      const submitted = await submit(await draft());
      const rewrite = async (): Promise<Response> => {
        await slice.as(author, () => responses.recall(submitted.id, {}));
        return edit(submitted, 'In the last moment.');
      };
      await Promise.allSettled(round % 2 ? [approve(submitted), rewrite()] : [rewrite(), approve(submitted)]);
      const { status, message, revision, approvedBy } = await current(submitted);
      expect([status, message, revision, approvedBy]).toEqual(
        status === 'approved'
          ? ['approved', 'It left our house this morning.', 1, manager.id]
          : ['draft', 'In the last moment.', 2, null],
      );
    }
  });

  it('correct only what was sent in the same inquiry', async () => {
    const { id: corrects, inquiryId } = await draft();
    const correct = slice.as(author, () => responses.draft({ inquiryId, message: 'In fact…', corrects }));
    await expect(correct).rejects.toMatchObject({ code: 'corrects_nothing' });
  });

  it('are drafted for no inquiry that does not exist or is another tenant’s', async () => {
    for (const inquiryId of [newId(), await anInquiry(slice, { tenantId: OTHER_TENANT })]) {
      const attempt = slice.as(author, () => responses.draft({ inquiryId, message: 'Hello' }));
      await expect(attempt).rejects.toMatchObject({ kind: 'not_found' });
    }
  });

  it('are nobody’s in another tenant, not even by a statement without a condition', async () => {
    await draft();
    const stranger = anActor(everything, { tenantId: OTHER_TENANT });
    for (const table of ['responses', 'response_revisions', 'response_steps']) {
      expect(await slice.as(stranger, () => slice.db.query(`select 1 from ${table}`))).toEqual([]);
    }
  });

  it('of others are out of reach unless the inquiry behind is mine or my team’s', async () => {
    const team = newId();
    const grants = ['responses:update_own', 'responses:read_own'];
    const { actor: mine } = await signIn(slice, { grants, teams: [team] });
    const cases = [
      { inquiry: {}, isMine: false },
      { inquiry: { assignedTo: mine.id }, isMine: true },
      { inquiry: { teamId: team }, isMine: true },
    ];
    for (const { inquiry, isMine } of cases) {
      const inquiryId = await anInquiry(slice, inquiry);
      const response = await slice.as(author, () => responses.draft({ inquiryId, message: 'Hello' }));
      const attempt = edit(response, 'Changed', mine);
      if (isMine) await expect(attempt).resolves.toMatchObject({ revision: 2 });
      else await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  describe('under a policy with rules', () => {
    const needs = (rules: object[]) => {
      const body = { name: 'By rules', allowSelfApproval: false, isActive: true, rules };
      return slice.http('PUT', '/api/v1/approval-policies/responses.response', { token: admin.token, body });
    };
    let admin: SignedIn;
    beforeAll(async () => {
      admin = await signIn(slice, { grants: everything });
    });
    afterAll(() => slice.empty('approval_policies'));

    const stages = (...required: number[]) =>
      required.map((count) => ({ approvers: { kind: 'anyone' }, required: count }));

    it('go out without approval where a rule asks for none, by the facts of inquiry, customer and author', async () => {
      const facts = [
        { field: 'priority', op: 'eq', value: 'normal' },
        { field: 'channel', op: 'in', value: ['email', 'phone', 'web', 'api'] },
        { field: 'customerStatus', op: 'eq', value: 'lead' },
        { field: 'customerLevel', op: 'null', value: true },
        { field: 'authorId', op: 'eq', value: author.id },
        { field: 'messageLength', op: 'lt', value: 100 },
        { field: 'isCorrection', op: 'eq', value: false },
      ];
      const { status } = await needs([{ name: 'Small talk', when: { all: facts }, outcome: 'none' }]);
      expect(status).toBe(200);
      const response = await submit(await draft());
      expect(response).toMatchObject({ status: 'approved', approvedBy: null, waivedByRule: 'Small talk' });
      expect(response.sendAt?.getTime()).toBe(clock.now().getTime() + UNDO_SECONDS * 1000);
      expect(await planned(response)).toBe(1);
      const { body } = await slice.http('GET', `/api/v1/responses/${response.id}/approvals`, { token: admin.token });
      expect(body.data).toMatchObject([{ status: 'waived', revision: 1, decisions: [] }]);
      const edited = await edit(response, 'Another text.');
      expect(edited).toMatchObject({ status: 'draft', waivedByRule: null, approvedHash: null });
    });

    it('wait for every stage, and are approved by the last', async () => {
      const when = { not: { field: 'priority', op: 'eq', value: 'low' } };
      await needs([{ name: 'Two stages', when, outcome: 'approval', stages: stages(1, 1) }]);
      const response = await submit(await draft());
      expect(response).toMatchObject({ status: 'pending_approval', waivedByRule: null });
      expect(await approve(response, manager)).toMatchObject({ status: 'pending_approval', approvedBy: null });
      await expect(approve(response, manager)).rejects.toMatchObject({ code: 'voice_given' });
      expect(await approve(response, editor)).toMatchObject({ status: 'approved', approvedBy: editor.id });
      const { body } = await slice.http('GET', `/api/v1/responses/${response.id}/approvals`, { token: admin.token });
      expect(body.data[0].decisions).toMatchObject([
        { stage: 1, decidedBy: manager.id },
        { stage: 2, decidedBy: editor.id },
      ]);
    });

    it('ask by the roles of their author', async () => {
      const novice = await signIn(slice, { grants: everything });
      const { rows } = await slice.superuser.query<{ id: string }>(
        'select role_id as id from user_roles where user_id = $1',
        [novice.userId],
      );
      const when = { field: 'authorRoles', op: 'contains', value: rows[0]!.id };
      await needs([
        { name: 'Novices', when, outcome: 'approval', stages: stages(2) },
        { name: 'Others', when: { all: [] }, outcome: 'none' },
      ]);
      const theirs = await submit(await draft(novice.actor), novice.actor);
      expect(theirs.status).toBe('pending_approval');
      expect((await submit(await draft())).status).toBe('approved');
      expect((await approve(theirs)).status).toBe('pending_approval');
    });

    it('go out without approval where they are a canned answer by another hand, word for word', async () => {
      const when = { field: 'fromMacro', op: 'eq', value: true };
      await needs([
        { name: 'Canned', when, outcome: 'none' },
        { name: 'Others', when: { all: [] }, outcome: 'approval', stages: stages(1) },
      ]);
      const writer = await signIn(slice, { grants: [...everything, 'macros:manage_all'] });
      const { body: macro } = await slice.http('POST', '/api/v1/macros', {
        token: writer.token,
        body: { name: newId(), body: 'Dear {{customer.firstName}}, it left.' },
      });
      const canned = async (message: string, by = author): Promise<Response> => {
        const inquiryId = await anInquiry(slice);
        return slice.as(by, () => responses.draft({ inquiryId, message, macroId: macro.id as string }));
      };
      const response = await canned('Dear Asha, it left.');
      expect(response.macroId).toBe(macro.id);
      expect(await submit(response)).toMatchObject({ status: 'approved', waivedByRule: 'Canned' });
      expect((await submit(await edit(response, 'Dear Asha, it left today.'))).status).toBe('pending_approval');
      expect((await submit(await canned('Dear Asha, it never left.'))).status).toBe('pending_approval');
      const own = await canned('Dear Asha, it left.', writer.actor);
      expect((await submit(own, writer.actor)).status).toBe('pending_approval');
      const inquiryId = await anInquiry(slice);
      await expect(
        slice.as(author, () => responses.draft({ inquiryId, message: 'Hm.', macroId: newId() })),
      ).rejects.toMatchObject({ code: 'not_found' });
    });

    it('are not sent without approval by any other way', async () => {
      const waived =
        "update responses set status = 'approved', approved_at = now(), approved_hash = content_hash where id = $1";
      const { id } = await draft();
      const write = slice.as(author, () => slice.db.transaction(() => slice.db.query(waived, [id])));
      await expect(write).rejects.toMatchObject({ constraint: 'responses_approval_is_whole' });
    });
  });
});
