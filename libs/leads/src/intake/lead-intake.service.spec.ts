import { CustomersFacade } from '@app/customers';
import { ensureTenant } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { MailboxesService, MailIntake } from '@app/mail';
import { MailRouted } from '@app/mail/events';
import { aRawMail } from '@app/mail/testing';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lead } from '../leads/lead.entity.js';
import { LeadSettingsService } from '../settings/lead-settings.service.js';
import { leadsContexts } from '../testing.js';

type Raw = Parameters<typeof aRawMail>[0];
type LeadRow = { id: string; status: string; email: string };
const ada = anActor(['leads:manage', 'mailboxes:manage'], { name: 'Ada' });

describe('A mail of a stranger', () => {
  let slice: Slice;
  let sales: string;
  const team = newId();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: leadsContexts, app: 'worker' });
    await ensureTenant(slice);
    await slice.superuser.query(`set session app.actor_id = '${ada.id}'`);
    await slice.superuser.query("insert into teams (tenant_id, id, name) values ($1, $2, 'Sales')", [TENANT, team]);
    const mailboxes = slice.get(MailboxesService);
    await as(() => mailboxes.open({ address: 'support@acme.example', name: 'Support' }));
    const given = { address: 'sales@acme.example', name: 'Sales', teamId: team, authServer: 'mx.acme.example' };
    sales = (await as(() => mailboxes.open(given))).id;
  });
  beforeEach(async () => {
    await slice.empty('leads', 'inquiries', 'mails', 'mail_threads', 'customers', 'outbox');
    await becomeLeads([sales]);
  });
  afterAll(() => slice.close());

  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);
  const becomeLeads = (mailboxIds: string[]) => as(() => slice.get(LeadSettingsService).edit({ mailboxIds }));
  const send = async (raw: Raw = {}): Promise<string> => {
    const mail = aRawMail({ to: 'sales@acme.example', subject: 'Freight', ...raw });
    const { id } = await as(() => slice.get(MailIntake).take(mail));
    await slice.settled();
    return id;
  };
  const rowsOf = async <Row extends object = object>(text: string): Promise<Row[]> =>
    (await slice.superuser.query<Row>(text)).rows;
  const leads = () => rowsOf<LeadRow>('select * from leads order by created_at, id');
  const messages = () => rowsOf<{ lead_id: string; body: string }>('select * from lead_messages order by at, id');
  const inquiries = () => rowsOf<{ id: string; subject: string }>('select * from inquiries order by number');
  const taken = async (): Promise<number[]> => [(await leads()).length, (await inquiries()).length];

  it('becomes a lead in a mailbox that says so, and no inquiry and no customer', async () => {
    const mailId = await send({ from: 'Ann Lee <Ann@Example.org>', text: 'Do you ship to Tangier?' });
    const [lead] = await leads();
    expect(lead).toMatchObject({
      ...{
        name: 'Ann Lee',
        email: 'ann@example.org',
        subject: 'Freight',
        source: 'mail',
        status: 'new',
        team_id: team,
      },
      ...{ message: expect.stringContaining('Tangier'), mail_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(await messages()).toMatchObject([{ lead_id: lead!.id, mail_id: mailId, author_address: 'ann@example.org' }]);
    expect(await rowsOf('select * from mails')).toMatchObject([
      { state: 'routed', lead_id: lead!.id, inquiry_id: null, customer_id: null },
    ]);
    expect([await inquiries(), await rowsOf('select 1 from customers')]).toEqual([[], []]);
  });

  it('becomes an inquiry where the mail is not for all who read leads', async () => {
    const given = { address: 'private@acme.example', name: 'Private', messageVisibility: 'participants' } as const;
    const { id } = await as(() => slice.get(MailboxesService).open(given));
    await becomeLeads([sales, id]);
    await send({ to: 'private@acme.example' });
    expect(await taken()).toEqual([0, 1]);
    expect(await rowsOf('select visibility from inquiries')).toEqual([{ visibility: 'participants' }]);
    await send({ to: 'private@acme.example, sales@acme.example', from: 'Ben <ben@example.org>' });
    expect(await taken()).toEqual([0, 2]);
  });

  it('becomes an inquiry as ever where nothing else was said', async () => {
    await becomeLeads([]);
    await send();
    await send({ to: 'support@acme.example', from: 'Bo <bo@example.org>' });
    expect(await taken()).toEqual([0, 2]);
    await becomeLeads([sales]);
    await send({ to: 'support@acme.example', from: 'Cy <cy@example.org>' });
    expect(await taken()).toEqual([0, 3]);
  });

  it('who is a customer already asks: that is an inquiry', async () => {
    await as(() => slice.get(CustomersFacade).identify({ email: 'ann@example.org', source: 'test' }));
    await send();
    expect(await taken()).toEqual([0, 1]);
  });

  it('is taken once, however often it is told of, also when the rule has changed since', async () => {
    const [asLead, asInquiry] = [await send(), await send({ from: 'Bo <bo@example.org>', to: 'support@acme.example' })];
    const before = await messages();
    await becomeLeads([]);
    await retold(asLead);
    await becomeLeads([sales]);
    await retold(asInquiry);
    expect(await taken()).toEqual([1, 1]);
    expect(await messages()).toEqual(before);
  });

  /** Told of it once more, as after a failure in between. */
  const retold = async (mailId: string): Promise<void> => {
    const routed = {
      mailId,
      mailboxId: sales,
      decision: 'new' as const,
      inquiryId: null,
      sideConversationId: null,
      automatic: false,
    };
    await as(() => slice.db.transaction(() => slice.db.publish(MailRouted(routed), MailRouted(routed))));
    await slice.settled();
  };

  it('who writes twice at once is one lead', async () => {
    await Promise.all([send({ subject: 'One' }), send({ subject: 'Two' }), send({ subject: 'Three' })]);
    expect(await taken()).toEqual([1, 0]);
    expect(await messages()).toHaveLength(3);
  });

  it('who is a lead already goes on there, in answer to ours or not', async () => {
    await send({ messageId: '<first@example.org>' });
    await send({ subject: 'Re: Freight', headers: ['In-Reply-To: <first@example.org>'], text: 'And weekly?' });
    await send({ subject: 'By the way' });
    const [lead] = await leads();
    expect(await taken()).toEqual([1, 0]);
    expect((await messages()).map(({ lead_id: id }) => id)).toEqual([lead!.id, lead!.id, lead!.id]);
    expect(await rowsOf(`select 1 from outbox where type = 'leads.wrote'`)).toHaveLength(2);
  });

  it('who was dropped is new again', async () => {
    await send();
    const [{ id } = { id: '' }] = await leads();
    await as(() => slice.db.change(Lead, id, undefined, (lead) => lead.disqualify('No answer')));
    await send({ subject: 'Still there?' });
    expect(await leads()).toMatchObject([{ id, status: 'new', reason: null }]);
  });

  it('whose lead was converted asks as the customer that it became', async () => {
    await send();
    const [{ id } = { id: '' }] = await leads();
    const { customerId } = await as(() =>
      slice.get(CustomersFacade).identify({ email: 'ann@example.org', source: 'x' }),
    );
    await slice.superuser.query(
      `update leads set status = 'converted', customer_id = $1, converted_at = now(), owner_id = null where id = $2`,
      [customerId, id],
    );
    await send({ subject: 'Where is it?' });
    expect(await taken()).toEqual([1, 1]);
    expect(await inquiries()).toMatchObject([{ subject: 'Where is it?', customer_id: customerId }]);
  });

  it('whose lead lies in the trash begins another one', async () => {
    await send();
    const [{ id } = { id: '' }] = await leads();
    await as(() => slice.db.change(Lead, id, undefined, (lead) => lead.trash(ada.id, new Date())));
    await send({ subject: 'Again' });
    expect((await leads()).map(({ status }) => status)).toEqual(['new', 'new']);
  });

  it('whose lead was merged goes on where that went', async () => {
    await send();
    await send({ from: 'Ann at home <ann@home.example>' });
    const [work, home] = await leads();
    await as(() => slice.db.change(Lead, work!.id, undefined, (lead) => lead.mergeInto(home!.id)));
    const mailId = await send({ subject: 'From work' });
    expect((await messages()).at(-1)).toMatchObject({ mail_id: mailId, lead_id: home!.id });
    expect(await leads()).toHaveLength(2);
  });

  it('with a forged sender begins a lead of its own', async () => {
    await send();
    const results = 'Authentication-Results: mx.acme.example; dmarc=fail header.from=example.org';
    await send({ subject: 'Pay here', headers: [results] });
    expect(await taken()).toEqual([2, 0]);
  });

  it('that a machine wrote becomes nothing', async () => {
    await send({ headers: ['Auto-Submitted: auto-generated'] });
    expect(await taken()).toEqual([0, 0]);
  });
});
