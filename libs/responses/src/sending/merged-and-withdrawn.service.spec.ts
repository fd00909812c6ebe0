import { ApprovalsFacade } from '@app/approvals';
import { signIn, type SignedIn } from '@app/auth/testing';
import { mergeInquiries, unmergeInquiry } from '@app/inquiries/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APPROVAL_SUBJECT } from '../responses/response-approval.js';
import { anInquiry, callsOf, deskContexts, everything } from '../testing/desk.js';

type Body = { id: string; revision: number; message: string };
const POLICY = { name: 'Desk', allowSelfApproval: false, isActive: true };

describe('A response to an inquiry that was merged into another', () => {
  let slice: Slice;
  let author: SignedIn;
  let manager: SignedIn;
  let source: string;
  let home: string;
  const { call, post } = callsOf(() => ({ slice, author, manager }));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: deskContexts, env: { RESPONSE_UNDO_SECONDS: '3600' } });
    author = await signIn(slice, { grants: [...everything, 'customers:read_all', 'macros:read', 'macros:manage_all'] });
    manager = await signIn(slice, { grants: everything });
  });
  beforeEach(async () => {
    source = await anInquiry(slice);
    home = await anInquiry(slice);
  });
  afterAll(() => slice.close());

  const merge = () => slice.as(author.actor, () => mergeInquiries(slice, source, home));
  const unmerge = () => slice.as(author.actor, () => unmergeInquiry(slice, source));
  const drafted = async (message: string, inquiryId = source): Promise<string> =>
    (await call('POST', '/responses', { inquiryId, message })).body.id as string;
  const approved = async (message: string, inquiryId = source): Promise<Body> => {
    const id = await drafted(message, inquiryId);
    const { revision } = (await post(id, 'submit', { revision: 1 })).body as Body;
    return (await post(id, 'approve', { revision }, manager)).body as Body;
  };
  const sent = async (message: string, inquiryId: string): Promise<Body> => {
    const response = await approved(message, inquiryId);
    await post(response.id, 'send', { revision: response.revision });
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${author.userId}', true);
       update responses set status = 'sent', delivery_state = null, sent_at = now() where id = '${response.id}'; commit`,
    );
    return response;
  };
  const of = async (id: string) => (await call('GET', `/inquiries/${id}`)).body;

  it('quotes what is so where that goes on', async () => {
    const id = await drafted('{{inquiry.number}} is {{inquiry.priority}} and due {{inquiry.sla.dueAt}}.');
    await call('PATCH', `/inquiries/${home}`, { priority: 'high' });
    await merge();
    const { body } = await post(id, 'submit', { revision: 1 });
    const { reference, dueAt } = await of(home);
    expect(body).toMatchObject({ status: 'pending_approval' });
    expect(body.message).toMatch(new RegExp(`^${reference} is high and due .+\\.$`));
    const facts = (await call('GET', `/responses/${id}/facts`)).body.data;
    expect(facts).toContainEqual(expect.objectContaining({ name: 'inquiry.sla.dueAt', value: dueAt }));
    await post(id, 'approve', { revision: 2 }, manager);
    await unmerge();
    expect((await post(id, 'send', { revision: 2 })).body).toMatchObject({ status: 409, code: 'facts_changed' });
  });

  it('is held where a merge changes what a response to either of them quotes', async () => {
    const [one, other] = [await approved('{{inquiry.number}}.'), await approved('{{inquiry.status}}.', home)];
    await call('PATCH', `/inquiries/${home}/status`, { status: 'pending_customer' });
    const waiting = await approved('You are next: {{inquiry.status}}.', home);
    await merge();
    for (const { id, revision } of [one, waiting])
      expect((await post(id, 'send', { revision })).body).toMatchObject({ status: 409, code: 'facts_changed' });
    expect((await post(other.id, 'send', { revision: other.revision })).body.code).toBe('facts_changed');
  });

  it('is asked for by the rules that hold where it goes on', async () => {
    const when = { field: 'priority', op: 'eq', value: 'urgent' };
    const rules = [
      { name: 'Urgent', when, outcome: 'approval', stages: [{ approvers: { kind: 'anyone' }, required: 1 }] },
      { name: 'Rest', when: { all: [] }, outcome: 'none' },
    ];
    const { status } = await call('PUT', '/approval-policies/responses.response', { ...POLICY, rules });
    const id = await drafted('Soon.');
    await call('PATCH', `/inquiries/${home}`, { priority: 'urgent' });
    await merge();
    const { body } = await post(id, 'submit', { revision: 1 });
    await call('PUT', '/approval-policies/responses.response', POLICY);
    expect([status, body.status]).toEqual([200, 'pending_approval']);
  });

  it('that waits for approval is decided on by who saw both, and held once they are two again', async () => {
    const id = await drafted('It left this morning.');
    await post(id, 'submit', { revision: 1 });
    await merge();
    expect((await post(id, 'approve', { revision: 1 }, manager)).body).toMatchObject({ status: 'approved' });
    await unmerge();
    const { body } = await post(id, 'send', { revision: 1 });
    expect(body).toMatchObject({ status: 'held', holdReason: 'conversation_changed' });
    const pending = await slice.as(author.actor, () => slice.get(ApprovalsFacade).pendingOf(APPROVAL_SUBJECT, id));
    expect(pending).toBeUndefined();
  });

  it('is within reach of whose work it is now, and no longer once it is taken back', async () => {
    const clara = await signIn(slice, { grants: ['responses:read_own', 'responses:update_own', 'inquiries:read_own'] });
    const id = await drafted('It left this morning.');
    await call('POST', `/inquiries/${home}/assign`, { assignedTo: clara.userId });
    const seen = async () => [
      (await call('GET', `/responses/${id}`, undefined, clara)).status,
      (await call('GET', '/responses', undefined, clara)).body.data.length,
    ];
    expect(await seen()).toEqual([404, 0]);
    await merge();
    expect(await seen()).toEqual([200, 1]);
    await unmerge();
    expect(await seen()).toEqual([404, 0]);
  });

  it('is corrected where it goes on, and a macro answers nothing that was merged', async () => {
    const wrong = await sent('It left on Monday.', source);
    const macro = { name: `Late ${source}`, body: 'On {{inquiry.number}}: it is late.', teamId: null };
    const { body: canned } = await call('POST', '/macros', macro);
    await merge();
    const filled = await call('POST', `/macros/${canned.id}/fill`, { inquiryId: source });
    const refused = await call('POST', '/responses', {
      inquiryId: source,
      message: filled.body.text,
      macroId: canned.id,
    });
    expect(refused.body).toMatchObject({ status: 409, code: 'inquiry_merged', mergedInto: home });
    const correction = { inquiryId: home, message: 'It left on Tuesday.', corrects: wrong.id };
    expect((await call('POST', '/responses', correction)).status).toBe(201);
    await unmerge();
    expect((await call('POST', '/responses', correction)).body).toMatchObject({ code: 'corrects_nothing' });
  });

  describe('or that was withdrawn', () => {
    const spam = () => call('POST', `/inquiries/${home}/spam`);
    const trash = () => call('DELETE', `/inquiries/${home}`);
    const restore = () => call('POST', `/inquiries/${home}/restore`);

    it.each([
      ['as spam', spam],
      ['into the trash', trash],
    ])('%s is held until that is restored, whichever of the two it answers', async (_, withdraw) => {
      const responses = [await approved('One.', source), await approved('Two.', home)];
      await merge();
      await withdraw();
      for (const { id, revision } of responses)
        for (const verb of ['send', 'release'])
          expect((await post(id, verb, { revision })).body).toMatchObject({
            ...{ id, status: 'held', holdReason: 'inquiry_withdrawn' },
          });
      const { rows } = await slice.superuser.query('select 1 from messages where about_id = any ($1::uuid[])', [
        responses.map(({ id }) => id),
      ]);
      expect(rows).toEqual([]);
      expect((await restore()).status).toBe(200);
      const [{ id, revision }] = responses as [Body];
      expect((await post(id, 'release', { revision })).body).toMatchObject({ status: 'sending' });
    });

    it('is not tried again after a failure', async () => {
      const { id, revision } = await approved('One.', home);
      await post(id, 'send', { revision });
      await slice.superuser.query(
        `begin; select set_config('app.actor_id', '${author.userId}', true);
         update responses set status = 'failed', failure_reason = 'No', delivery_state = null where id = '${id}'; commit`,
      );
      await spam();
      expect((await post(id, 'retry', { revision })).body).toMatchObject({ status: 409, code: 'inquiry_withdrawn' });
    });

    it('though it is closed goes out: it was answered, and then closed', async () => {
      const { id, revision } = await approved('One.', home);
      await call('POST', `/inquiries/${home}/reopen`);
      for (const step of ['resolve', 'close'])
        expect((await call('POST', `/inquiries/${home}/${step}`)).status).toBe(200);
      expect((await post(id, 'send', { revision })).body).toMatchObject({ status: 'sending' });
    });
  });
});
