import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { MailboxesService } from '@app/mail';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const GRANTS = [
  'inquiries:read_all',
  'inquiries:create',
  'inquiries:update_all',
  'inquiries:delete',
  'customers:read_all',
];
type Method = 'GET' | 'POST' | 'DELETE';

describe('Side conversations of an inquiry', () => {
  let slice: Slice;
  let [mira, reader, own, stranger]: SignedIn[] = [];
  let [inquiryId, email]: string[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    mira = await signIn(slice, { grants: [...GRANTS, 'inquiries:side_all'] });
    reader = await signIn(slice, { grants: GRANTS });
    own = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:side_own'] });
    stranger = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:side_all'], tenantId: OTHER_TENANT });
    await slice.superuser.query(`set session app.actor_id = '${mira.userId}'; set session app.actor_name = 'tester'`);
    await slice.as(mira.actor, () => slice.get(MailboxesService).open({ address: 'support@acme.example', name: 'Us' }));
  });
  beforeEach(async () => {
    email = `mira-${newId()}@okafor.example`;
    const customerId = await slice.as(mira!.actor, () => aKnownCustomer(slice, email));
    const question = { customerId, subject: 'Where is it?', message: 'Late.' };
    inquiryId = (await call('POST', 'inquiries', question)).body.id;
  });
  afterAll(() => slice?.close());

  const call = (method: Method, path: string, body?: unknown, who = mira, headers = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body, headers });
  const given = (over: object = {}) => ({
    ...{ subject: 'Spare part', body: 'When does it leave?', recipients: [{ address: 'orders@supplier.example' }] },
    ...over,
  });
  const start = (over: object = {}, who = mira) =>
    call('POST', `inquiries/${inquiryId}/side-conversations`, given(over), who);
  const started = async (): Promise<string> => (await start()).body.id as string;

  it('are begun, listed and read, with their messages and what becomes of them', async () => {
    const recipients = [
      { address: 'Orders@Supplier.example', name: 'Supplier' },
      { address: 'orders@supplier.example' },
      { address: 'ann@depot.example' },
    ];
    const { status, body } = await start({ recipients });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{
        inquiryId,
        subject: 'Spare part',
        state: 'open',
        visibility: 'all',
        hidden: false,
        messageCount: 1,
        version: 1,
      },
      ...{ recipients: [recipients[0], recipients[2]], startedBy: mira!.userId },
    });
    expect((await call('GET', `side-conversations/${body.id}`)).body).toEqual(body);
    expect((await call('GET', `inquiries/${inquiryId}/side-conversations`)).body.data).toEqual([body]);
    const written = await call('POST', `side-conversations/${body.id}/messages`, { body: 'And now?' });
    expect(written.status).toBe(201);
    expect(written.body).toMatchObject({
      ...{ sideConversationId: body.id, seq: 2, direction: 'out', body: 'And now?', delivery: 'queued', fault: null },
      ...{ authorId: mira!.userId, recipients: body.recipients, outgoingId: expect.any(String), mailId: null },
    });
    const messages = (await call('GET', `side-conversations/${body.id}/messages?direction=out`)).body.data;
    expect(messages.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2]);
    expect(messages[1]).toEqual(written.body);
    const { rows } = await slice.superuser.query<{ type: string }>(
      `select type from outbox where payload->>'sideConversationId' = $1 order by type`,
      [body.id],
    );
    expect(rows.map(({ type }) => type)).toEqual(['inquiries.side-started', 'inquiries.side-written']);
  });

  it('are written in by several at once, each message in its place', async () => {
    const id = await started();
    const answers = await Promise.all(
      [1, 2, 3].map((n) => call('POST', `side-conversations/${id}/messages`, { body: `${n}` })),
    );
    expect(answers.map(({ body }) => body.seq).sort()).toEqual([2, 3, 4]);
  });

  it('are closed and reopened, and take nothing while they are closed', async () => {
    const id = await started();
    const at = (verb: string, headers = {}) =>
      call('POST', `side-conversations/${id}/${verb}`, undefined, mira, headers);
    expect((await at('close', { 'if-match': '"7"' })).status).toBe(412);
    expect(await at('close')).toMatchObject({ status: 200, body: { state: 'closed' } });
    expect(await at('close')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    const refused = await call('POST', `side-conversations/${id}/messages`, { body: 'x' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'side_conversation_closed' } });
    expect(await at('reopen')).toMatchObject({ status: 200, body: { state: 'open' } });
    expect(await at('reopen')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
  });

  it('are not with the customer, by whichever of their addresses, nor with a mailbox of ours', async () => {
    const supplier = { address: 'orders@supplier.example' };
    const refused = await start({ recipients: [supplier, { address: email!.toUpperCase() }] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'recipient_is_customer' } });
    expect(refused.body.errors).toMatchObject([{ pointer: '/recipients/1/address', code: 'recipient_is_customer' }]);
    await slice.superuser.query(
      `update inquiry_messages set author_address = 'second@okafor.example' where inquiry_id = $1`,
      [inquiryId],
    );
    const wrote = await start({ recipients: [{ address: 'second@okafor.example' }] });
    expect(wrote.body).toMatchObject({ code: 'recipient_is_customer' });
    const ours = await start({ recipients: [{ address: 'Support@acme.example' }] });
    expect(ours).toMatchObject({ status: 422, body: { code: 'recipient_is_mailbox' } });
    const id = await started();
    await slice.superuser.query(
      `update inquiry_messages set author_address = 'orders@supplier.example' where inquiry_id = $1`,
      [inquiryId],
    );
    const again = await call('POST', `side-conversations/${id}/messages`, { body: 'x' });
    expect(again).toMatchObject({ status: 422, body: { code: 'recipient_is_customer' } });
    expect((await call('GET', `side-conversations/${id}`)).body).toMatchObject({ messageCount: 1 });
  });

  it.each([
    ['no recipient', { recipients: [] }, '/recipients'],
    [
      'eleven',
      { recipients: Array.from({ length: 11 }, (_, n) => ({ address: `a${n}@supplier.example` })) },
      '/recipients',
    ],
    ['no address', { recipients: [{ address: 'supplier' }] }, '/recipients/0/address'],
    ['a name that breaks out', { recipients: [{ address: 'a@b.example', name: 'A\r\nBcc: x' }] }, '/recipients/0/name'],
    ['a subject that breaks out', { subject: 'A\r\nBcc: x' }, '/subject'],
    ['no subject', { subject: ' ' }, '/subject'],
    ['nothing to say', { body: ' ' }, '/body'],
  ])('refuse %s', async (_, over, pointer) => {
    const { status, body } = await start(over);
    expect({ status, pointers: body.errors?.map((fault: { pointer: string }) => fault.pointer) }).toEqual({
      status: 400,
      pointers: expect.arrayContaining([pointer]),
    });
  });

  it('are read by who reads the inquiry, and written by who may write to others', async () => {
    const id = await started();
    expect((await call('GET', `side-conversations/${id}`, undefined, reader)).status).toBe(200);
    expect((await start({}, reader)).status).toBe(403);
    expect(await start({}, own)).toMatchObject({ status: 403, body: { code: 'out_of_reach' } });
    const tries: [Method, string, object?][] = [
      ['POST', `side-conversations/${id}/messages`, { body: 'x' }],
      ['POST', `side-conversations/${id}/close`],
      ['POST', `side-conversations/${id}/reopen`],
    ];
    for (const [method, path, body] of tries) {
      expect((await call(method, path, body, reader)).status).toBe(403);
      expect((await call(method, path, body, own)).status).toBe(403);
      expect((await call(method, path, body, stranger)).status).toBe(404);
    }
    for (const path of [`side-conversations/${id}`, `side-conversations/${id}/messages`])
      expect((await call('GET', path, undefined, stranger)).status).toBe(404);
    expect((await call('GET', `side-conversations/${newId()}`)).status).toBe(404);
  });

  it('go into the trash with the inquiry, and come back with it', async () => {
    const id = await started();
    expect((await call('DELETE', `inquiries/${inquiryId}`)).status).toBe(204);
    expect((await call('GET', `side-conversations/${id}`)).status).toBe(404);
    expect((await call('POST', `side-conversations/${id}/messages`, { body: 'x' })).status).toBe(404);
    expect((await start()).status).toBe(404);
    expect((await call('POST', `inquiries/${inquiryId}/restore`)).status).toBe(200);
    expect((await call('GET', `side-conversations/${id}`)).status).toBe(200);
  });
});
