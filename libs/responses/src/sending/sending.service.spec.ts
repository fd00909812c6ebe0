import { ApprovalsFacade } from '@app/approvals';
import { signIn } from '@app/auth/testing';
import { CalendarChanged } from '@app/calendars/events';
import { InquiriesFacade } from '@app/inquiries';
import { mergeInquiries, unmergeInquiry } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { MailboxesService } from '@app/mail';
import { Messaging } from '@app/messaging';
import { TestSmtpServer } from '@app/messaging/testing';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DecisionsService } from '../responses/decisions.service.js';
import { Response } from '../responses/response.entity.js';
import { ResponsesService } from '../responses/responses.service.js';
import { ResponseSettingsService } from '../settings/response-settings.service.js';
import {
  anInquiryByMail,
  type Correspondence,
  deskContexts,
  everything,
  theCustomerWrites,
  wordsOf,
} from '../testing/desk.js';
import { SendingService } from './sending.service.js';

describe('Sending', () => {
  const author = anActor(everything);
  const manager = anActor(everything);
  let smtp: TestSmtpServer;
  let slice: Slice;
  let responses: ResponsesService;
  let decisions: DecisionsService;
  let sending: SendingService;

  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    const env = { RESPONSE_UNDO_SECONDS: '1', SMTP_URL: smtp.url };
    slice = await bootSlice({ contexts: deskContexts, app: 'worker', env });
    responses = slice.get(ResponsesService);
    decisions = slice.get(DecisionsService);
    sending = slice.get(SendingService);
    await as(() => slice.get(MailboxesService).open({ address: 'support@acme.example', name: 'Acme Support' }));
  });
  afterEach(async () => {
    await slice.settled();
    smtp.toRecipient = () => 'accept';
    smtp.toText = () => 'accept';
    smtp.received.length = 0;
  });
  afterAll(async () => {
    await slice.close();
    await smtp.stop();
  });

  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(author, work);
  const approved = async ({ inquiryId }: Correspondence, message = 'It left this morning.'): Promise<Response> => {
    const { id } = await as(() => responses.draft({ inquiryId, message }));
    const { revision } = await as(() => responses.submit(id, {}));
    return slice.as(manager, () => decisions.approve(id, { revision }, null));
  };
  const current = ({ id }: Response): Promise<Response> => as(() => slice.db.get(Response, id));
  const send = ({ id, revision }: Response): Promise<Response> => as(() => sending.send(id, { revision }));
  const cancel = ({ id }: Response): Promise<Response> => as(() => sending.cancel(id, {}));
  const becomes = (response: Response, status: Response['status']): Promise<void> =>
    expect.poll(async () => (await current(response)).status, { timeout: 15_000 }).toBe(status);

  it('follows an approval by itself: one mail, in the customer’s thread, that the inquiry knows of', async () => {
    const inquiry = await anInquiryByMail(slice);
    const response = await approved(inquiry);
    await becomes(response, 'sent');
    await slice.settled();
    expect(smtp.received).toHaveLength(1);
    const { messageId, sentAt } = await current(response);
    const [mail] = smtp.received;
    expect(sentAt).toBeInstanceOf(Date);
    expect(mail?.recipients).toEqual([inquiry.from]);
    expect(messageId).toMatch(new RegExp(`^<r\\.${response.id}\\.1\\..+@acme\\.example>$`));
    expect(mail?.headers['message-id']).toBe(messageId);
    expect(mail?.headers['in-reply-to']).toBe(inquiry.messageId);
    expect(mail?.headers.references).toBe(inquiry.messageId);
    expect(mail?.headers.from).toContain('support@acme.example');
    expect(mail?.subject).toMatch(/^Re: Where is my order\? \[#INQ-\d+\]$/);
    expect(mail?.text.trim()).toBe('It left this morning.');
    expect((await wordsOf(slice, inquiry.inquiryId)).slice(1)).toEqual([
      { direction: 'out', body: 'It left this morning.', messageId },
    ]);
  });

  it('lets the customer’s next mail find the inquiry, by whatever it refers to', async () => {
    const inquiry = await anInquiryByMail(slice);
    const response = await approved(inquiry);
    await becomes(response, 'sent');
    const { messageId } = await current(response);
    await theCustomerWrites(slice, { ...inquiry, messageId: messageId ?? '' });
    expect((await wordsOf(slice, inquiry.inquiryId)).map(({ direction }) => direction)).toEqual(['in', 'out', 'in']);
  });

  it('is taken back within the time to undo, and then happens when a person says so', async () => {
    const response = await approved(await anInquiryByMail(slice));
    await expect(cancel(response)).resolves.toMatchObject({ status: 'approved', sendAt: null });
    await slice.settled();
    await new Promise((done) => setTimeout(done, 1_500));
    await slice.settled();
    expect([(await current(response)).status, smtp.received.length]).toEqual(['approved', 0]);
    await send(response);
    await becomes(response, 'sent');
  });

  it('either happens or is taken back when both come at once', async () => {
    for (let round = 0; round < 10; round++) {
      const response = await approved(await anInquiryByMail(slice));
      const [sent, cancelled] = await Promise.allSettled([send(response), cancel(response)]);
      const { status } = await current(response);
      expect(sent.status).toBe('fulfilled');
      expect(['sending', 'sent']).toContain(status);
      if (cancelled.status === 'rejected') expect(cancelled.reason).toMatchObject({ code: 'invalid_transition' });
    }
    await slice.settled();
    expect(smtp.received).toHaveLength(10);
  });

  it('happens once, however many ask for it at once', async () => {
    const response = await approved(await anInquiryByMail(slice));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => send(response)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await becomes(response, 'sent');
    expect(smtp.received).toHaveLength(1);
  });

  it('waits for a chosen time, and does not happen at one that was taken back', async () => {
    const response = await approved(await anInquiryByMail(slice));
    const at = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
    const { id, revision } = response;
    await as(() => sending.schedule(id, { revision }, at(1)));
    await as(() => sending.schedule(id, { revision }, at(2)));
    await expect(as(() => sending.unschedule(id, {}))).resolves.toMatchObject({ status: 'approved', sendAt: null });
    await expect(as(() => sending.schedule(id, { revision }, at(1)))).resolves.toMatchObject({ status: 'scheduled' });
    await becomes(response, 'sent');
    await new Promise((done) => setTimeout(done, 1_500));
    await slice.settled();
    expect(smtp.received).toHaveLength(1);
  });

  it('is for people alone once the tenant says so', async () => {
    const settings = slice.get(ResponseSettingsService);
    await as(() => settings.set({ sendsAutomatically: false }));
    const response = await approved(await anInquiryByMail(slice));
    await as(() => settings.set({ sendsAutomatically: true }));
    expect(response).toMatchObject({ status: 'approved', sendAt: null });
  });

  it('is held for a customer message since the approval, and goes on once that was seen', async () => {
    const inquiry = await anInquiryByMail(slice);
    const response = await cancel(await approved(inquiry));
    await theCustomerWrites(slice, inquiry);
    await expect(send(response)).resolves.toMatchObject({ status: 'held', holdReason: 'customer_replied' });
    await theCustomerWrites(slice, inquiry);
    const release = (): Promise<Response> => as(() => sending.release(response.id, { revision: 1 }));
    await expect(release()).resolves.toMatchObject({ status: 'held' });
    await expect(release()).resolves.toMatchObject({ status: 'sending', holdReason: null });
    await becomes(response, 'sent');
  });

  it('is held for a customer message also when its chosen time comes', async () => {
    const inquiry = await anInquiryByMail(slice);
    const response = await cancel(await approved(inquiry));
    await theCustomerWrites(slice, inquiry);
    await as(() => sending.schedule(response.id, { revision: 1 }, new Date(Date.now() + 500)));
    await becomes(response, 'held');
  });

  it('goes on in spite of an absence notice, which tells nothing new', async () => {
    const inquiry = await anInquiryByMail(slice);
    const response = await cancel(await approved(inquiry));
    await theCustomerWrites(slice, inquiry, ['Auto-Submitted: auto-replied']);
    await expect(send(response)).resolves.toMatchObject({ status: 'sending' });
  });

  it('lets one of two competing answers out, and holds the other until it was seen', async () => {
    const inquiry = await anInquiryByMail(slice);
    const both = [await approved(inquiry, 'One.'), await approved(inquiry, 'Other.')];
    const results = await Promise.all(both.map(send));
    expect(results.map(({ status }) => status).sort()).toEqual(['held', 'sending']);
    const held = results.find(({ status }) => status === 'held') ?? results[0]!;
    expect(held.holdReason).toBe('competing_response_sent');
    await as(() => sending.release(held.id, { revision: 1 }));
    await slice.settled();
    expect(smtp.received).toHaveLength(2);
  });

  const merge = (one: Correspondence, into: Correspondence) =>
    as(() => mergeInquiries(slice, one.inquiryId, into.inquiryId));

  it('is held when its inquiry was merged since the approval, or parted again', async () => {
    const [source, target] = [await anInquiryByMail(slice), await anInquiryByMail(slice)];
    const both = [await cancel(await approved(source)), await cancel(await approved(target))];
    await merge(source, target);
    for (const response of both)
      await expect(send(response)).resolves.toMatchObject({ status: 'held', holdReason: 'conversation_changed' });
    const known = await cancel(await approved(target));
    await as(() => unmergeInquiry(slice, source.inquiryId));
    await theCustomerWrites(slice, target); // as many messages as were approved, and one that nobody saw
    await expect(send(known)).resolves.toMatchObject({ status: 'held', holdReason: 'conversation_changed' });
  });

  it('is held when its chosen time comes after a merge', async () => {
    const [source, target] = [await anInquiryByMail(slice), await anInquiryByMail(slice)];
    const response = await cancel(await approved(source));
    await merge(source, target);
    await as(() => sending.schedule(response.id, { revision: 1 }, new Date(Date.now() + 500)));
    await becomes(response, 'held');
  });

  it('of two answers to inquiries that were merged, one goes out, and the other is held until it was seen', async () => {
    const [source, target] = [await anInquiryByMail(slice), await anInquiryByMail(slice)];
    const waiting = await as(async () => {
      const { id } = await responses.draft({ inquiryId: source.inquiryId, message: 'One.' });
      return responses.submit(id, {});
    });
    await merge(source, target);
    const both = [
      await slice.as(manager, () => decisions.approve(waiting.id, { revision: 1 }, null)),
      await approved(target, 'Other.'),
    ];
    const results = await Promise.all(both.map(send));
    expect(results.map(({ status, holdReason }) => `${status} ${holdReason}`).sort()).toEqual([
      'held competing_response_sent',
      'sending null',
    ]);
  });

  it('while an approval, a merge, its way back and a mail come at once loses no word, and sends nothing that nobody saw', async () => {
    for (let round = 0; round < 6; round++) {
      const [source, home] = [await anInquiryByMail(slice), await anInquiryByMail(slice)];
      const { id, revision } = await as(() => responses.draft({ inquiryId: source.inquiryId, message: 'It left.' }));
      await as(() => responses.submit(id, {}));
      const merge = () => as(() => mergeInquiries(slice, source.inquiryId, home.inquiryId));
      await Promise.all([
        slice.as(manager, () => decisions.approve(id, { revision }, null)),
        round % 2 ? merge().then(() => as(() => unmergeInquiry(slice, source.inquiryId))) : merge(),
        theCustomerWrites(slice, source),
        theCustomerWrites(slice, home),
      ]);
      await expect
        .poll(async () => (await as(() => slice.db.get(Response, id))).status, { timeout: 15_000 })
        .toMatch(/^(sent|held)$/);
      await slice.settled();
      const { status, holdReason, knownConversation } = await as(() => slice.db.get(Response, id));
      if (status === 'sent') expect(knownConversation).toHaveLength(round % 2 ? 1 : 2);
      else expect(['conversation_changed', 'customer_replied']).toContain(holdReason);
      const words = [...(await wordsOf(slice, source.inquiryId)), ...(await wordsOf(slice, home.inquiryId))];
      const heard = (direction: string) => words.filter((said) => said.direction === direction).length;
      expect([heard('in'), heard('out')]).toEqual([4, status === 'sent' ? 1 : 0]);
    }
  });

  it('is asked for by whether the customer sent files, also with what was merged', async () => {
    const rules = JSON.stringify([
      { name: 'Files', when: { field: 'hasAttachments', op: 'eq', value: false }, stages: [] },
    ]);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${author.id}', true);
       insert into approval_policies (tenant_id, id, subject_kind, name, rules)
       values ('${author.tenantId}', '${newId()}', 'responses.response', 'Files', '${rules}'); commit`,
    );
    const [source, home] = [await anInquiryByMail(slice), await anInquiryByMail(slice)];
    const file = { filename: 'contract.pdf', mimeType: 'application/pdf', content: Buffer.from('%PDF') };
    await theCustomerWrites(slice, source, [], [file]);
    const submit = async ({ inquiryId }: Correspondence) => {
      const { id } = await as(() => responses.draft({ inquiryId, message: 'Seen.' }));
      return (await as(() => responses.submit(id, {}))).status;
    };
    const apart = [await submit(source), await submit(home)];
    await as(() => mergeInquiries(slice, source.inquiryId, home.inquiryId));
    const together = await submit(home);
    await slice.empty('approval_policies');
    expect([...apart, together]).toEqual(['pending_approval', 'approved', 'pending_approval']);
  });

  it('goes to whoever wrote in what was merged as well', async () => {
    const [source, target] = [await anInquiryByMail(slice), await anInquiryByMail(slice)];
    await merge(source, target);
    const response = await approved(target);
    await becomes(response, 'sent');
    await slice.settled();
    expect(smtp.received.flatMap(({ recipients }) => recipients).sort()).toEqual([source.from, target.from].sort());
    expect(smtp.received[0]?.headers.cc).toContain(source.from);
  });

  it('waits for approval until the inquiry is due that its own was merged into', async () => {
    const [source, target] = [await anInquiryByMail(slice), await anInquiryByMail(slice)];
    const { id: subjectId } = await as(() => responses.draft({ inquiryId: source.inquiryId, message: 'Soon.' }));
    await as(() => responses.submit(subjectId, {}));
    await merge(source, target);
    await slice.settled();
    const queued = await as(() => slice.get(ApprovalsFacade).pendingOf('responses.response', subjectId));
    const home = await as(() => slice.get(InquiriesFacade).card(target.inquiryId));
    expect(queued?.dueAt).toEqual(home?.dueAt);
    expect(queued?.dueAt).toBeInstanceOf(Date);
  });

  it('fails with the server’s word, and is tried again under the same Message-ID', async () => {
    smtp.toText = () => ({ code: 554, text: '5.7.1 Not accepted' });
    const response = await approved(await anInquiryByMail(slice));
    await becomes(response, 'failed');
    const failed = await current(response);
    expect(failed.failureReason).toContain('Not accepted');
    smtp.toText = () => 'accept';
    await as(() => sending.retry(response.id, {}));
    await becomes(response, 'sent');
    expect((await current(response)).messageId).toBe(failed.messageId);
    expect(smtp.received).toHaveLength(1);
  });

  it('goes out under another Message-ID once a failed text was edited and approved again', async () => {
    smtp.toText = () => ({ code: 554, text: '5.7.1 Not accepted' });
    const response = await approved(await anInquiryByMail(slice));
    await becomes(response, 'failed');
    const { messageId } = await current(response);
    const edited = await as(() => responses.edit(response.id, 'Shorter.', {}));
    expect(edited).toMatchObject({ status: 'draft', messageId: null, failureReason: null });
    smtp.toText = () => 'accept';
    await as(() => responses.submit(response.id, {}));
    await slice.as(manager, () => decisions.approve(response.id, { revision: 2 }, null));
    await becomes(response, 'sent');
    expect((await current(response)).messageId).not.toBe(messageId);
  });

  it('fails for an address that refuses every mail', async () => {
    smtp.toRecipient = () => ({ code: 550, text: '5.1.1 No such mailbox' });
    const inquiry = await anInquiryByMail(slice);
    for (const reason of [/No such mailbox/, /suppression list/]) {
      const response = await approved(inquiry);
      await becomes(response, 'failed');
      expect((await current(response)).failureReason).toMatch(reason);
    }
  });

  it('fails when its mail was cancelled before it left', async () => {
    const response = await approved(await anInquiryByMail(slice));
    await cancel(response);
    await slice.as(author, () =>
      slice.db.transaction(async () => {
        await sending.send(response.id, { revision: 1 });
        const [mail] = await slice.db.query<{ id: string }>('select id from messages where about_id = $1', [
          response.id,
        ]);
        await slice.get(Messaging).cancel(mail!.id);
      }),
    );
    await becomes(response, 'failed');
    expect(smtp.received).toEqual([]);
  });

  it('stays in doubt when no answer came, and is never repeated by itself', async () => {
    smtp.toText = () => 'drop';
    const response = await approved(await anInquiryByMail(slice));
    await expect.poll(async () => (await current(response)).deliveryState, { timeout: 15_000 }).toBe('unknown');
    await slice.settled();
    expect((await current(response)).status).toBe('sending');
    expect(smtp.received).toHaveLength(1);
  });

  it('waits for approval until its inquiry is due, also when that is counted anew', async () => {
    const { inquiryId } = await anInquiryByMail(slice);
    const { id: subjectId } = await as(() => responses.draft({ inquiryId, message: 'Soon.' }));
    await as(() => responses.submit(subjectId, {}));
    const due = (): Promise<Date | null | undefined> =>
      as(async () => (await slice.get(InquiriesFacade).card(inquiryId))?.dueAt);
    const queued = (): Promise<Date | null | undefined> =>
      as(async () => (await slice.get(ApprovalsFacade).pendingOf('responses.response', subjectId))?.dueAt);
    const before = await due();
    expect(await queued()).toEqual(before);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${author.id}', true); update sla_policies set first_response_seconds = 60; commit`,
    );
    await as(() => slice.db.publish(CalendarChanged({ calendarId: newId() })));
    await expect.poll(async () => (await queued())?.getTime(), { timeout: 15_000 }).not.toBe(before?.getTime());
    expect(await queued()).toEqual(await due());
  });

  it('is held for a quoted fact that has changed also when its time comes by itself', async () => {
    const { inquiryId, ...inquiry } = await anInquiryByMail(slice);
    const response = await approved({ inquiryId, ...inquiry }, 'It is {{inquiry.priority}}.');
    const raise = "update inquiries set priority = 'urgent' where id = $1";
    await as(() => slice.db.transaction(() => slice.db.query(raise, [inquiryId])));
    await becomes(response, 'held');
    const staleFacts = [{ name: 'inquiry.priority', was: 'normal', is: 'urgent' }];
    expect(await current(response)).toMatchObject({ holdReason: 'facts_changed', staleFacts, approvedBy: null });
    expect(smtp.received).toEqual([]);
  });

  it('waits for approval by others where those who are asked cannot decide, and tells so', async () => {
    const lawyer = (await signIn(slice, { grants: everything })).actor;
    await signIn(slice, { grants: everything }); // a colleague
    const stages = [{ approvers: { kind: 'users', ids: [lawyer.id] }, required: 1 }];
    const rules = JSON.stringify([{ name: 'Lawyers', when: { all: [] }, stages }]);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${author.id}', true);
       insert into approval_policies (tenant_id, id, subject_kind, name, rules)
       values ('${author.tenantId}', '${newId()}', 'responses.response', 'Legal', '${rules}'); commit`,
    );
    const { inquiryId } = await anInquiryByMail(slice);
    const { id } = await slice.as(lawyer, () => responses.draft({ inquiryId, message: 'By law.' }));
    await slice.as(lawyer, () => responses.submit(id, {}));
    await slice.settled();
    const { rows } = await slice.superuser.query(
      "select notes from response_steps where response_id = $1 and kind = 'escalated'",
      [id],
    );
    await slice.empty('approval_policies');
    expect(rows).toEqual([{ notes: 'nobody_left: team' }]);
  });

  it('may not begin before the approval, and says what it was shown', async () => {
    const { inquiryId } = await anInquiryByMail(slice);
    const { id } = await as(() => responses.draft({ inquiryId, message: 'Not yet.' }));
    await expect(as(() => sending.send(id, { revision: 1 }))).rejects.toMatchObject({ code: 'invalid_transition' });
    await expect(as(() => sending.send(id, {}))).rejects.toMatchObject({ code: 'revision_required' });
    await expect(as(() => sending.send(id, { revision: 2 }))).rejects.toMatchObject({ code: 'stale_revision' });
  });
});
