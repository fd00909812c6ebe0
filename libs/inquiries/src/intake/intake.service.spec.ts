import { ensureTenant } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { MailboxesService, MailIntake } from '@app/mail';
import { aRawMail } from '@app/mail/testing';
import { statementsSent } from '@app/platform';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import { InquiriesFacade } from '../inquiries.facade.js';
import { daysAfter } from '../inquiries/inquiry.policy.js';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';
import { MergingService } from '../merging/merging.service.js';
import { inquiriesContexts } from '../testing.js';
import { IntakeService } from './intake.service.js';

type Raw = Parameters<typeof aRawMail>[0];
type InquiryRow = { id: string; number: number; customer_id: string; subject: string; is_customer_blocked: boolean };
type MessageRow = { seq: number; direction: string };
/** Statements from a mail's bytes to its inquiry. Two of them more than were counted: a connection that another tenant had before is told so. */
const MOST_FOR = { aStranger: 37, aCustomer: 34 };
const FUTURE = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const ada = anActor(['inquiries:update_all', 'inquiries:read_all', 'inquiries:delete'], { name: 'Ada' });

describe('A mail', () => {
  let slice: Slice;
  const team = newId();
  const clock = new FixedClock(FUTURE);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, app: 'worker', clock });
    await ensureTenant(slice);
    await slice.superuser.query(`set session app.actor_id = '${ada.id}'`);
    await formTeam(team, 'Support');
    await as(() =>
      slice.get(MailboxesService).open({ address: 'support@acme.example', name: 'Support', teamId: team }),
    );
    await as(() =>
      slice.get(MailboxesService).open({ address: 'known@acme.example', name: 'Known', createsCustomers: false }),
    );
  });
  beforeEach(async () => {
    clock.set(FUTURE);
    await slice.empty('inquiries', 'mails', 'mail_threads', 'customers', 'outbox');
  });
  afterAll(() => slice.close());

  const formTeam = (id: string, name: string) =>
    slice.superuser.query('insert into teams (tenant_id, id, name) values ($1, $2, $3)', [TENANT, id, name]);
  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);
  const send = async (raw: Raw = {}): Promise<string> => {
    const { id } = await as(() =>
      slice.get(MailIntake).take(aRawMail({ messageId: `<${newId()}@example.org>`, ...raw })),
    );
    await slice.settled();
    return id;
  };
  const rowsOf = async <Row extends object = object>(text: string): Promise<Row[]> =>
    (await slice.superuser.query<Row>(text)).rows;
  const inquiries = () => rowsOf<InquiryRow>('select * from inquiries order by number');
  const messages = () => rowsOf<MessageRow>('select * from inquiry_messages order by inquiry_id, seq');
  const only = async (): Promise<InquiryRow> => {
    const found = await inquiries();
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const replyTo = (messageId: string, raw: Raw = {}): Raw => ({
    subject: 'Re: Broken lamp',
    headers: [`In-Reply-To: ${messageId}`],
    ...raw,
  });
  const statuses = () => slice.get(InquiryStatusService);
  const merging = () => slice.get(MergingService);
  const closed = async (id: string): Promise<void> => {
    await as(() => statuses().moveTo(id, 'open'));
    await as(() => statuses().resolve(id));
    await as(() => statuses().close(id));
  };

  it('costs so many statements, and no more where others are there already', async () => {
    const cost = async (from: string): Promise<number> => {
      const before = statementsSent();
      await send({ from });
      return statementsSent() - before;
    };
    await cost('Ann Lee <ann@example.org>');
    expect(await cost('Bo <bo@example.org>')).toBeLessThanOrEqual(MOST_FOR.aStranger);
    expect(await cost('Bo <bo@example.org>')).toBeLessThanOrEqual(MOST_FOR.aCustomer);
    expect(await inquiries()).toHaveLength(3);
  });

  it('of somebody unknown becomes an inquiry of a new lead, in the team of the mailbox', async () => {
    const mailId = await send({ from: 'Ann Lee <ann@example.org>', text: 'The lamp does not light.' });
    const inquiry = await only();
    expect(inquiry).toMatchObject({
      ...{
        status: 'new',
        channel: 'email',
        subject: 'Broken lamp',
        message: expect.stringContaining('does not light'),
      },
      ...{ team_id: team, assigned_to: null, customer_message_count: 1, is_customer_blocked: false },
    });
    const [customer] = await rowsOf('select * from customers');
    expect(customer).toMatchObject({
      id: inquiry.customer_id,
      email: 'ann@example.org',
      first_name: 'Ann',
      status: 'lead',
    });
    expect(await messages()).toMatchObject([
      {
        inquiry_id: inquiry.id,
        seq: 1,
        direction: 'in',
        mail_id: mailId,
        author_address: 'ann@example.org',
        author_name: 'Ann Lee',
      },
    ]);
    const [mail] = await rowsOf('select * from mails');
    expect(mail).toMatchObject({ state: 'routed', inquiry_id: inquiry.id, customer_id: inquiry.customer_id });
    expect(await rowsOf('select kind from inquiry_clocks order by kind')).toEqual([
      { kind: 'first_response' },
      { kind: 'resolution' },
    ]);
  });

  it('to a mailbox whose team is gone becomes nobody’s, and is not lost', async () => {
    const teamId = newId();
    await formTeam(teamId, 'Lost');
    await as(() => slice.get(MailboxesService).open({ address: 'lost@acme.example', name: 'Lost', teamId }));
    await slice.superuser.query('delete from teams where id = $1', [teamId]);
    await send({ to: 'lost@acme.example', messageId: '<lost@example.org>' });
    const { id } = await only();
    expect(await only()).toMatchObject({ team_id: null, status: 'new' });
    await closed(id);
    clock.set(daysAfter(FUTURE, 30));
    await send({ ...replyTo('<lost@example.org>'), to: 'lost@acme.example' });
    expect((await inquiries())[1]).toMatchObject({ team_id: null, follow_up_of: id });
  });

  it('becomes one inquiry, however often it is told of', async () => {
    const mailId = await send();
    const routed = { mailId, decision: 'new', inquiryId: null } as const;
    await Promise.all([1, 2, 3].map(() => as(() => slice.get(IntakeService).take(routed))));
    await only();
  });

  it('beside another of the same new sender makes one customer and two inquiries', async () => {
    await Promise.all([send({ subject: 'One' }), send({ subject: 'Two' })]);
    const found = await inquiries();
    expect(found.map(({ number }) => number)).toHaveLength(2);
    expect(new Set(found.map(({ customer_id }) => customer_id)).size).toBe(1);
  });

  it('of somebody unknown to a mailbox for known people stays among the mails', async () => {
    await send({ to: 'known@acme.example' });
    expect([await inquiries(), await rowsOf('select * from customers')]).toEqual([[], []]);
    await send({ subject: 'To support' });
    await send({ to: 'known@acme.example', subject: 'Now known' });
    expect((await inquiries()).map(({ subject }) => subject)).toEqual(['To support', 'Now known']);
  });

  it('in answer to ours lands in the same inquiry and re-opens it', async () => {
    await send({ messageId: '<first@example.org>' });
    const { id } = await only();
    const answer = {
      responseId: newId(),
      messageId: '<ours@nexus.example>',
      subject: 'Re: Broken lamp',
      body: 'Which lamp?',
      authorId: ada.id,
    };
    await as(() => slice.db.transaction(() => slice.get(InquiriesFacade).answered(id, { ...answer, at: clock.now() })));
    await as(() => slice.db.transaction(() => slice.get(InquiriesFacade).answered(id, { ...answer, at: clock.now() })));
    expect(await only()).toMatchObject({ status: 'pending_customer', first_responded_at: FUTURE });
    await send(replyTo('<ours@nexus.example>', { text: 'The green one.' }));
    expect(await only()).toMatchObject({ status: 'open', reopen_count: 1, customer_message_count: 2 });
    expect((await messages()).map(({ seq, direction }) => [seq, direction])).toEqual([
      [1, 'in'],
      [2, 'out'],
      [3, 'in'],
    ]);
    const types = (
      await rowsOf<{ type: string }>(
        `select type from outbox where type in ('inquiries.reopened', 'inquiries.customer-replied')`,
      )
    ).map(({ type }) => type);
    expect(types.sort()).toEqual(['inquiries.customer-replied', 'inquiries.reopened']);
  });

  it('of a machine stands quietly where it belongs, and opens nothing', async () => {
    await send({ messageId: '<first@example.org>' });
    const { id } = await only();
    await as(() => statuses().moveTo(id, 'pending_customer'));
    const absent = replyTo('<first@example.org>', {
      text: 'I am away.',
      headers: ['In-Reply-To: <first@example.org>', 'Auto-Submitted: auto-replied'],
    });
    await send(absent);
    expect(await only()).toMatchObject({ status: 'pending_customer', customer_message_count: 1 });
    expect((await messages()).at(-1)).toMatchObject({ seq: 2, direction: 'in', is_automatic: true });
    await send({ headers: ['Auto-Submitted: auto-generated'], subject: 'Disk full' });
    await only();
  });

  it('re-opens what has been closed within the window, and follows up on it later', async () => {
    await send({ messageId: '<first@example.org>' });
    const { id } = await only();
    await closed(id);
    clock.set(daysAfter(FUTURE, 14));
    await send(replyTo('<first@example.org>', { messageId: '<second@example.org>', from: 'Bob <bob@example.org>' }));
    expect(await only()).toMatchObject({ status: 'open', reopen_count: 1 });
    await as(() => statuses().resolve(id));
    await as(() => statuses().close(id));
    clock.set(new Date(daysAfter(FUTURE, 28).getTime() + 1));
    await send(replyTo('<second@example.org>', { messageId: '<third@example.org>' }));
    const [first, followUp] = await inquiries();
    expect(first).toMatchObject({ id, status: 'closed', customer_message_count: 2 });
    expect(followUp).toMatchObject({ status: 'new', follow_up_of: id, customer_id: first!.customer_id, team_id: team });
    await send(replyTo('<third@example.org>', { messageId: '<fourth@example.org>' }));
    expect((await inquiries())[1]).toMatchObject({ id: followUp!.id, customer_message_count: 2 });
  });

  it('into an inquiry that was merged lands where that goes on, and comes back with it', async () => {
    await send({ messageId: '<first@example.org>', subject: 'One' });
    await send({ messageId: '<second@example.org>', subject: 'Two' });
    const [source, target] = (await inquiries()) as [InquiryRow, InquiryRow];
    await as(() => merging().merge(source.id, target.id));
    await send(replyTo('<first@example.org>', { messageId: '<meanwhile@example.org>', text: 'Any news?' }));
    const counts = async () =>
      (await rowsOf<{ message_count: number }>('select message_count from inquiries order by number')).map(
        ({ message_count }) => message_count,
      );
    expect(await counts()).toEqual([1, 2]);
    const [mail] = await rowsOf(`select inquiry_id, state from mails where message_id = '<meanwhile@example.org>'`);
    expect(mail).toEqual({ inquiry_id: target.id, state: 'routed' });
    await as(() => merging().unmerge(source.id));
    await send(replyTo('<first@example.org>', { messageId: '<later@example.org>', text: 'And now?' }));
    await send(replyTo('<meanwhile@example.org>', { messageId: '<last@example.org>', text: 'And here?' }));
    expect(await counts()).toEqual([2, 3]);
  });

  it('into an inquiry that was merged follows up for whoever asked there, once both are long over', async () => {
    await send({ messageId: '<first@example.org>', from: 'Ann <ann@example.org>' });
    await send({ messageId: '<second@example.org>', from: 'Bob <bob@example.org>' });
    const [source, target] = (await inquiries()) as [InquiryRow, InquiryRow];
    await as(() => merging().merge(source.id, target.id));
    await closed(target.id);
    clock.set(new Date(daysAfter(FUTURE, 14).getTime() + 1));
    await send(replyTo('<first@example.org>', { messageId: '<late@example.org>', from: 'Ann <ann@example.org>' }));
    const [, , followUp] = await inquiries();
    expect(followUp).toMatchObject({ status: 'new', follow_up_of: target.id, customer_id: source.customer_id });
  });

  it('that arrives in the second the inquiry is merged stands in one of both', async () => {
    for (let round = 0; round < 10; round++) {
      await slice.empty('inquiries', 'mails', 'mail_threads');
      await send({ messageId: `<one-${round}@example.org>`, subject: 'One' });
      await send({ messageId: `<two-${round}@example.org>`, subject: 'Two' });
      const [source, target] = (await inquiries()) as [InquiryRow, InquiryRow];
      await Promise.all([
        as(() => merging().merge(source.id, target.id)),
        send(replyTo(`<one-${round}@example.org>`, { text: 'Wait!' })),
      ]);
      expect((await inquiries()).map(({ id }) => id)).toEqual([source.id, target.id]);
      expect(await messages()).toHaveLength(3);
      expect(await rowsOf(`select 1 from mails where state <> 'routed'`)).toEqual([]);
    }
  });

  it('into an inquiry in the trash follows up on it', async () => {
    await send({ messageId: '<first@example.org>' });
    const { id } = await only();
    await slice.superuser.query('update inquiries set deleted_at = now(), deleted_by = $1', [ada.id]);
    await send(replyTo('<first@example.org>'));
    expect((await inquiries())[1]).toMatchObject({ follow_up_of: id, status: 'new' });
  });

  it('that arrives in the second the inquiry closes is not lost: one of both comes first', async () => {
    for (let round = 0; round < 10; round++) {
      await slice.empty('inquiries', 'mails', 'mail_threads');
      await send({ messageId: `<first-${round}@example.org>` });
      const { id } = await only();
      await as(() => statuses().moveTo(id, 'open'));
      const { closesAt } = await as(() => statuses().resolve(id));
      await Promise.all([
        as(() => statuses().closeWhenDue(id, closesAt!)),
        as(() => slice.get(ConversationService).receive(id, { body: 'Wait!', at: clock.now() })),
      ]);
      expect(await only()).toMatchObject({
        status: 'open',
        reopen_count: 1,
        customer_message_count: 2,
        closes_at: null,
        closed_at: null,
      });
      expect(await messages()).toHaveLength(2);
    }
  });

  it('closes by itself what was resolved and stayed silent', async () => {
    await send();
    const { id } = await only();
    await as(() => statuses().moveTo(id, 'open'));
    const { closesAt } = await as(() => statuses().resolve(id));
    expect(closesAt).toEqual(daysAfter(FUTURE, 7));
    const [timer] = await rowsOf(`select run_at, payload from outbox where type = 'inquiries.close-resolved'`);
    expect(timer).toMatchObject({ run_at: closesAt, payload: { inquiryId: id, due: closesAt!.toISOString() } });
    await slice.superuser.query(`update outbox set run_at = now() where type = 'inquiries.close-resolved'`);
    await slice.settled();
    expect(await only()).toMatchObject({ status: 'closed', closed_at: closesAt });
  });

  it('of a blocked customer is kept and marked', async () => {
    await send({ from: 'Eve <eve@example.org>' });
    await slice.superuser.query(`update customers set status = 'blocked'`);
    await send({ from: 'Eve <eve@example.org>', subject: 'Me again' });
    expect((await inquiries()).map(({ is_customer_blocked }) => is_customer_blocked)).toEqual([false, true]);
  });

  it('is what an answer is threaded by', async () => {
    await send({ messageId: '<first@example.org>', headers: ['References: <older@example.org>'] });
    const { id, number } = await only();
    const thread = await as(() => slice.get(InquiriesFacade).threadOf(id));
    expect(thread).toEqual({
      to: { name: 'Ann Lee', address: 'ann@example.org' },
      cc: [],
      subject: 'Re: Broken lamp',
      inReplyTo: '<first@example.org>',
      references: ['<older@example.org>', '<first@example.org>'],
      mailboxAddress: { name: 'Support', address: 'support@acme.example' },
      number,
      reference: expect.stringMatching(/^INQ-/),
    });
  });

  it('has files, where they are no pictures of its text', async () => {
    const content = Buffer.from('content');
    const [logo, form] = [
      { filename: 'logo.png', mimeType: 'image/png', content },
      { filename: 'form.pdf', mimeType: 'application/pdf', content },
    ];
    const raw = aRawMail({ messageId: '<logo@example.org>', attachments: [logo] }).toString();
    const inline = raw
      .replace('attachment; filename', 'inline; filename')
      .replace(/^(Content-Disposition.*)$/m, '$1\r\nContent-ID: <logo>');
    await as(() => slice.get(MailIntake).take(Buffer.from(inline)));
    await slice.settled();
    const { id } = await only();
    const hasFiles = () => as(() => slice.get(InquiriesFacade).hasFiles(id));
    expect(await rowsOf('select is_inline from mail_attachments')).toEqual([{ is_inline: true }]);
    expect(await hasFiles()).toBe(false);
    await send(
      replyTo('<logo@example.org>', {
        headers: ['In-Reply-To: <logo@example.org>', 'Auto-Submitted: auto-replied'],
        attachments: [form],
      }),
    );
    expect(await hasFiles()).toBe(false);
    await send(replyTo('<logo@example.org>', { attachments: [form] }));
    expect(await hasFiles()).toBe(true);
  });

  it('finds its inquiry by the signed address alone, where the mailbox offers that', async () => {
    await slice.superuser.query('update mailboxes set signs_reply_address = true');
    await send({ messageId: '<first@example.org>' });
    const { id } = await only();
    const { replyAddress } = await as(() => slice.get(InquiriesFacade).threadOf(id));
    expect(replyAddress).toMatchObject({ name: 'Support', address: expect.stringMatching(/^support\+\w{42}@acme/) });
    const toHer = { from: 'Colleague <colleague@elsewhere.example>', to: replyAddress?.address, subject: 'For her' };
    await send(toHer);
    expect(await only()).toMatchObject({ id });
    await send({ messageId: '<other@example.org>', subject: 'Another lamp' });
    const [, target] = await inquiries();
    await as(() => merging().merge(id, target!.id));
    await send(toHer);
    const counts = () => rowsOf('select message_count as n from inquiries order by number');
    expect(await counts()).toEqual([{ n: 2 }, { n: 2 }]);
    await as(() => merging().unmerge(id));
    await send(toHer);
    expect(await counts()).toEqual([{ n: 3 }, { n: 2 }]);
  });
});
