import { authContexts, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mailContext, MailFacade, MailIntake, MailboxesService } from '../index.js';
import { aRawMail } from '../testing.js';
import { MOST_MAILS_AN_HOUR } from './mail.policy.js';

describe('The route of a mail', () => {
  let slice: Slice;
  const clock = new FixedClock();
  const ada = anActor();
  const inquiry = newId();
  const responseId = newId();
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, mailContext], app: 'worker', clock });
  });
  beforeEach(async () => {
    await slice.empty('mailboxes', 'mails', 'mail_deliveries', 'mail_threads', 'outbox', 'deliveries');
    await slice.as(ada, () =>
      slice
        .get(MailboxesService)
        .open({ address: 'support@acme.example', name: 'Acme', authServer: 'MX.acme.example' }),
    );
  });
  afterAll(() => slice?.close());

  const facade = () => slice.get(MailFacade);
  const asAda = <T>(work: () => Promise<T>) => slice.as(ada, work);
  async function routed(over: Parameters<typeof aRawMail>[0] = {}) {
    const { id } = await asAda(() => slice.get(MailIntake).take(aRawMail(over)));
    await slice.settled();
    const { rows } = await slice.superuser.query('select * from mails where id = $1', [id]);
    const { state, decision, inquiry_id: inquiryId, is_automatic: automatic, facts } = rows[0];
    return { id, state, decision, inquiryId, automatic, threadedBy: facts.threadedBy, reasons: facts.reasons };
  }
  const events = async (type: string) =>
    (await slice.superuser.query('select payload from outbox where type = $1 order by at', [type])).rows.map(
      ({ payload }) => payload,
    );
  const minted = (revision = 1) =>
    asAda(async () => facade().messageIdOf({ responseId, revision, domain: 'acme.example' }));
  const answerSent = async () => {
    const messageId = await minted();
    await asAda(() => facade().rememberThread(messageId, inquiry, 'INQ-000123'));
    return messageId;
  };
  const asked = async (messageId = '<asked@example.org>') => {
    const { id } = await routed({ messageId });
    const customerId = newId();
    await asAda(() =>
      facade().attribute(id, { customerId, inquiryId: inquiry, reference: () => Promise.resolve('INQ-000123') }),
    );
    return { id, messageId, customerId };
  };

  describe('in a thread', () => {
    it('is found by In-Reply-To', async () => {
      const messageId = await answerSent();
      const reply = await routed({ headers: [`In-Reply-To: ${messageId}`] });
      expect(reply).toMatchObject({ state: 'parsed', decision: 'reply', inquiryId: inquiry, threadedBy: 'response' });
      expect((await events('mail.routed')).at(-1)).toMatchObject({
        mailId: reply.id,
        decision: 'reply',
        inquiryId: inquiry,
      });
    });

    it('is found when a colleague answers from Outlook and only References still knows ours', async () => {
      const messageId = await answerSent();
      const over = {
        from: 'bob@example.org',
        headers: ['In-Reply-To: <DB9P@outlook.com>', `References: ${messageId} <DB9P@outlook.com>`],
      };
      expect(await routed(over)).toMatchObject({ decision: 'reply', inquiryId: inquiry });
    });

    it('is found by the id of another revision, in any case', async () => {
      await answerSent();
      const other = (await minted(2)).toUpperCase();
      expect(await routed({ headers: [`In-Reply-To: ${other}`] })).toMatchObject({
        inquiryId: inquiry,
        threadedBy: 'response',
      });
    });

    it("is found by the customer's own mail, before anybody answered", async () => {
      const { messageId } = await asked();
      const over = { from: 'bob@example.org', headers: [`References: <older@example.org> ${messageId}`] };
      expect(await routed(over)).toMatchObject({ decision: 'reply', inquiryId: inquiry, threadedBy: 'message_id' });
    });

    it('is found by the address alone, when every header is lost', async () => {
      const to = await asAda(async () => facade().replyAddressOf('support@acme.example', inquiry));
      expect(await routed({ to })).toMatchObject({ decision: 'reply', inquiryId: inquiry, threadedBy: 'inquiry' });
    });

    it('prefers the latest of several threads that References names', async () => {
      const { messageId } = await asked();
      const other = await routed({ messageId: '<other@example.org>' });
      const later = newId();
      await asAda(() => facade().attribute(other.id, { customerId: newId(), inquiryId: later }));
      expect(await routed({ headers: [`References: ${messageId} <other@example.org>`] })).toMatchObject({
        inquiryId: later,
      });
    });

    it('is found by the number in the subject, for whoever wrote there before', async () => {
      await asked();
      expect(await routed({ subject: 'Once more [#INQ-123]' })).toMatchObject({
        inquiryId: inquiry,
        threadedBy: 'number',
      });
      expect(await routed({ subject: 'Once more [#INQ-123]', from: 'eve@example.org' })).toMatchObject({
        decision: 'new',
        inquiryId: null,
      });
    });

    it('is sought in one statement, however many ids it names', async () => {
      const query = vi.spyOn(slice.db, 'query');
      const references = Array.from({ length: 90 }, (_, at) => `<${at}@example.org>`).join(' ');
      expect(await routed({ headers: [`References: ${references}`] })).toMatchObject({ decision: 'new' });
      expect(query.mock.calls.filter(([text]) => text.includes('mail_threads'))).toHaveLength(1);
      query.mockRestore();
    });
  });

  describe('with something forged', () => {
    it.each([
      ['its response', (id: string) => id.replace(responseId, newId())],
      ['its revision', (id: string) => id.replace('.1.', '.2.')],
      ['its signature', (id: string) => id.replace(/.(?=@)/, (digit) => (digit === '0' ? '1' : '0'))],
    ])('opens a thread of its own when a Message-ID of ours has %s changed', async (_what, forge) => {
      const messageId = await answerSent();
      expect(await routed({ headers: [`In-Reply-To: ${forge(messageId)}`] })).toMatchObject({
        decision: 'new',
        inquiryId: null,
      });
    });

    it('opens a thread of its own when the token of a reply address is changed', async () => {
      const to = await asAda(async () => facade().replyAddressOf('support@acme.example', inquiry));
      const forged = to.replace(/.(?=@)/, (letter) => (letter === 'a' ? 'b' : 'a'));
      expect(await routed({ to: forged })).toMatchObject({ decision: 'new', inquiryId: null });
    });

    it("opens a thread of its own for another tenant's token", async () => {
      const theirs = anActor([], { tenantId: OTHER_TENANT });
      const to = await slice.as(theirs, async () => facade().replyAddressOf('support@acme.example', inquiry));
      const messageId = await slice.as(theirs, async () =>
        facade().messageIdOf({ responseId, revision: 1, domain: 'acme.example' }),
      );
      await answerSent();
      expect(await routed({ to, headers: [`In-Reply-To: ${messageId}`] })).toMatchObject({
        decision: 'new',
        inquiryId: null,
      });
    });

    it('uses only what we signed once the own server found the sender forged', async () => {
      const { messageId } = await asked();
      const headers = (server: string) => [
        `Authentication-Results: ${server}; dmarc=fail`,
        `In-Reply-To: ${messageId}`,
      ];
      expect(await routed({ headers: headers('mx.acme.example') })).toMatchObject({ decision: 'new', inquiryId: null });
      expect(await routed({ headers: headers('mx.elsewhere.example') })).toMatchObject({
        decision: 'reply',
        inquiryId: inquiry,
      });
      const ours = await answerSent();
      const signed = ['Authentication-Results: mx.acme.example; dmarc=fail', `In-Reply-To: ${ours}`];
      expect(await routed({ headers: signed })).toMatchObject({ decision: 'reply', threadedBy: 'response' });
    });

    it.each(['dmarc=fail', 'spf=fail; dkim=none', 'dkim=fail; dmarc=none'])(
      'opens a thread of its own for a stranger whose sender is forged (%s), whatever of ours it shows',
      async (found) => {
        await asked();
        const to = await asAda(async () => facade().replyAddressOf('support@acme.example', inquiry));
        const ours = await answerSent();
        const headers = [`Authentication-Results: mx.acme.example; ${found}`, `In-Reply-To: ${ours}`];
        const mail = await routed({ from: 'eve@example.org', to, headers });
        expect(mail).toMatchObject({ decision: 'new', inquiryId: null });
        const { rows } = await slice.superuser.query('select facts from mails where id = $1', [mail.id]);
        expect(rows[0].facts).toMatchObject({
          senderVerdict: 'fail',
          authentication: { server: 'mx.acme.example', [found.split('=')[0] ?? '']: 'fail' },
        });
        expect(await routed({ to, headers })).toMatchObject({ decision: 'reply', inquiryId: inquiry });
      },
    );
  });

  describe('written by a machine', () => {
    it('opens nothing for an out-of-office reply, and stays linked to what it answers', async () => {
      const messageId = await answerSent();
      const away = ['Auto-Submitted: auto-replied (vacation)'];
      expect(await routed({ headers: away })).toMatchObject({
        state: 'ignored',
        decision: 'ignored',
        inquiryId: null,
        automatic: true,
      });
      const linked = await routed({ headers: [...away, `In-Reply-To: ${messageId}`] });
      expect(linked).toMatchObject({ state: 'ignored', inquiryId: inquiry, reasons: ['auto_submitted'] });
    });

    it.each([
      ['a newsletter', { headers: ['List-Id: <news.example.org>', 'Precedence: list'] }],
      ['our own mailbox', { from: 'support@acme.example' }],
      ['the address our mails leave from', { from: 'no-reply@localhost' }],
    ])('opens nothing for %s', async (_who, over) => {
      expect(await routed(over)).toMatchObject({ state: 'ignored', automatic: true });
    });

    it('takes a form on a website for the person it names', async () => {
      const mail = await routed({ from: 'noreply@shop.example', headers: ['Reply-To: Ann <ann@example.org>'] });
      expect(mail).toMatchObject({ state: 'parsed', decision: 'new', automatic: true });
      expect((await asAda(() => facade().get(mail.id))).from).toEqual({ name: 'Ann', address: 'ann@example.org' });
    });

    it('ends a storm between two robots that do not say what they are', async () => {
      const { id } = await asked();
      const decided = [];
      for (let turn = 0; turn < MOST_MAILS_AN_HOUR + 2; turn++)
        decided.push(await routed({ headers: ['In-Reply-To: <asked@example.org>'], text: `${turn}` }));
      expect(decided.every(({ decision, inquiryId }) => decision === 'reply' && inquiryId === inquiry)).toBe(true);
      expect(decided.map(({ automatic }) => automatic)).toEqual(
        decided.map((_, turn) => turn + 1 >= MOST_MAILS_AN_HOUR),
      );
      clock.advance(3600_000);
      expect(await routed({ text: 'an hour later' })).toMatchObject({ automatic: false });
      expect(id).toBeTruthy();
    });

    it('tells of a bounce: of which mail, to whom, whether for good', async () => {
      const messageId = await answerSent();
      const report = [
        'Return-Path: <>',
        'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>',
        'To: support@acme.example',
        'Auto-Submitted: auto-replied',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=r',
        '',
        '--r',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example.net',
        '',
        'Final-Recipient: rfc822; ann@example.org',
        'Action: failed',
        'Status: 5.1.1',
        'Diagnostic-Code: smtp; 550 no such user',
        '',
        '--r',
        'Content-Type: text/rfc822-headers',
        '',
        `Message-ID: ${messageId}`,
        '--r--',
      ];
      const { id } = await asAda(() => slice.get(MailIntake).take(Buffer.from(report.join('\r\n'))));
      await slice.settled();
      expect(await events('mail.bounced')).toEqual([
        {
          mailId: id,
          originalMessageId: messageId,
          recipient: 'ann@example.org',
          permanent: true,
          status: '5.1.1',
          diagnostic: 'smtp; 550 no such user',
        },
      ]);
      const { rows } = await slice.superuser.query('select state, is_bounce, inquiry_id from mails');
      expect(rows).toEqual([{ state: 'ignored', is_bounce: true, inquiry_id: inquiry }]);
    });
  });

  describe('once it is decided', () => {
    it('is written back by whoever made an inquiry of it, in that transaction', async () => {
      const { id } = await routed();
      const customerId = newId();
      const broken = asAda(() =>
        slice.db.transaction(async () => {
          await facade().attribute(id, { customerId, inquiryId: inquiry });
          throw new Error('the inquiry failed');
        }),
      );
      await expect(broken).rejects.toThrow('the inquiry failed');
      const state = async () =>
        (await slice.superuser.query('select state, customer_id from mails where id = $1', [id])).rows[0];
      expect(await state()).toEqual({ state: 'parsed', customer_id: null });
      await asAda(() => facade().attribute(id, { customerId, inquiryId: inquiry }));
      expect(await state()).toEqual({ state: 'routed', customer_id: customerId });
    });

    it('is refused to another inquiry', async () => {
      const { id, customerId } = await asked();
      await asAda(() => facade().attribute(id, { customerId, inquiryId: inquiry }));
      await expect(asAda(() => facade().attribute(id, { customerId, inquiryId: newId() }))).rejects.toMatchObject({
        code: 'mail_attributed',
      });
    });

    it('is not shown before, nor to another tenant', async () => {
      const { id } = await routed();
      const stranger = anActor([], { tenantId: OTHER_TENANT });
      await expect(slice.as(stranger, () => facade().get(id))).rejects.toMatchObject({ kind: 'not_found' });
      const { id: unread } = await asAda(() => slice.get(MailIntake).take(Buffer.from('\r\n')));
      await slice.settled();
      await expect(asAda(() => facade().get(unread))).rejects.toMatchObject({ kind: 'not_found' });
    });
  });

  it('leads answers through the mailbox of the team, else the default one', async () => {
    const teamId = newId();
    await signIn(slice, { teams: [teamId] });
    const sales = await asAda(() =>
      slice.get(MailboxesService).open({ address: 'sales@acme.example', name: 'Sales', teamId }),
    );
    expect((await asAda(() => facade().mailboxOf(teamId)))?.id).toBe(sales.id);
    expect((await asAda(() => facade().mailboxOf(newId())))?.address).toBe('support@acme.example');
    expect((await asAda(() => facade().mailboxOf(null)))?.address).toBe('support@acme.example');
    const long = `${'x'.repeat(40)}@acme.example`;
    expect(await asAda(async () => facade().replyAddressOf(long, inquiry))).toBe(long);
  });
});
