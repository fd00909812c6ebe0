import { type SignedIn, signIn } from '@app/auth/testing';
import { aKnownCustomer, inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { TestSmtpServer } from '@app/messaging/testing';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NotesService } from './notes.service.js';

const NOTES = ['notes:read', 'notes:write'];
const EVERYTHING = [
  ...NOTES,
  ...['customers:read_all', 'customers:update_all', 'customers:delete_all', 'customers:purge'],
  ...['inquiries:read_all', 'inquiries:update_all', 'inquiries:create', 'inquiries:delete'],
];

/** An API and a worker beside it. */
describe('Notes on records', () => {
  let [api, worker]: Slice[] = [];
  let smtp: TestSmtpServer;
  let [ada, clara, chief]: SignedIn[] = [];
  let customerId: string;

  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    const env = { SMTP_URL: smtp.url };
    api = await bootSlice({ contexts: inquiriesContexts, env });
    const beside = { database: api.database, config: api.config };
    worker = await bootSlice({ contexts: inquiriesContexts, app: 'worker', env, beside });
    ada = await signIn(api, { grants: EVERYTHING, email: 'ada@acme.example' });
    clara = await signIn(api, { grants: [...NOTES, 'customers:read_own'], email: 'clara@acme.example' });
    chief = await signIn(api, { grants: [...EVERYTHING, 'notes:moderate'], email: 'chief@acme.example' });
    await api.superuser.query(`set session app.actor_id = '${ada.userId}'`);
    await api.superuser.query(`update users set username = split_part(email, '@', 1)`);
  });
  beforeEach(async () => {
    customerId = await api!.as(ada!.actor, () => aKnownCustomer(api!));
  });
  afterAll(async () => {
    await worker!.close();
    await api!.close();
    await smtp.stop();
  });

  type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = ada!, headers = {}) =>
    api!.http(method, `/api/v1/${path}`, { token, body, headers });
  const write = (body = 'Prefers to be called.', recordId = customerId, recordKind = 'customers', as = ada) =>
    call('POST', 'notes', { recordKind, recordId, body }, as);
  const bodiesOn = async (recordId: string, as = ada): Promise<string[]> =>
    (await call('GET', `notes?recordId=${recordId}`, undefined, as)).body.data.map(
      ({ body }: { body: string }) => body,
    );
  const anInquiry = async (): Promise<string> =>
    (await call('POST', 'inquiries', { customerId, subject: 'Where is it?', message: 'Late.' })).body.id;

  it('are written, read, changed and removed, and each change is told', async () => {
    const { status, body: note, headers } = await write();
    expect({ status, note, location: headers.location }).toMatchObject({
      ...{ status: 201, location: `/api/v1/notes/${note.id}` },
      note: { recordKind: 'customers', recordId: customerId, body: 'Prefers to be called.', createdBy: ada!.userId },
    });
    expect((await call('GET', `notes/${note.id}`)).body).toEqual(note);
    const edited = await call('PATCH', `notes/${note.id}`, { body: 'Prefers letters.' }, ada, { 'if-match': '"1"' });
    expect(edited.body).toMatchObject({ body: 'Prefers letters.', version: 2 });
    const stale = await call('PATCH', `notes/${note.id}`, { body: 'Prefers mail.' }, ada, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict' } });
    expect(await bodiesOn(customerId)).toEqual(['Prefers letters.']);
    expect((await call('DELETE', `notes/${note.id}`)).status).toBe(204);
    expect((await call('GET', `notes/${note.id}`)).status).toBe(404);
    const { rows } = await api!.superuser.query<{ type: string }>(
      `select type from outbox where payload->>'noteId' = $1 order by type`,
      [note.id],
    );
    expect(rows.map(({ type }) => type)).toEqual(['notes.edited', 'notes.removed', 'notes.written']);
  });

  it('hang on records of several kinds, and on no others', async () => {
    const inquiryId = await anInquiry();
    expect((await write('Of the inquiry', inquiryId, 'inquiries')).status).toBe(201);
    expect((await write('Of the customer')).status).toBe(201);
    expect(await bodiesOn(inquiryId)).toEqual(['Of the inquiry']);
    expect(await bodiesOn(`${inquiryId},${customerId}`)).toEqual(['Of the customer', 'Of the inquiry']);
    expect(await write('Lost', inquiryId, 'customers')).toMatchObject({ status: 404, body: { resource: 'customer' } });
    expect(await write('Lost', newId(), 'orders')).toMatchObject({
      status: 422,
      body: { code: 'record_kind_unknown', known: expect.arrayContaining(['customers', 'inquiries']) },
    });
  });

  it('are for who may read the record, and are written by who may change it', async () => {
    const { body: note } = await write();
    expect(await bodiesOn(customerId, clara)).toEqual([]);
    expect((await call('GET', `notes/${note.id}`, undefined, clara)).status).toBe(404);
    for (const [method, body] of [['PATCH', { body: 'Hers' }], ['DELETE']] as const)
      expect((await call(method, `notes/${note.id}`, body, clara)).status).toBe(404);
    expect(await write('Hers', customerId, 'customers', clara)).toMatchObject({
      status: 404,
      body: { resource: 'customer', id: customerId },
    });
    await api!.superuser.query('update customers set created_by = $1 where id = $2', [clara!.userId, customerId]);
    expect(await bodiesOn(customerId, clara)).toEqual(['Prefers to be called.']);
    expect(await write('Hers', customerId, 'customers', clara)).toMatchObject({
      status: 403,
      body: { code: 'record_out_of_reach', permission: 'customers:update' },
    });
  });

  it('are changed by their author alone, and removed also by who may moderate', async () => {
    const { body: note } = await write();
    const edit = await call('PATCH', `notes/${note.id}`, { body: 'Mine' }, chief);
    expect(edit).toMatchObject({ status: 403, body: { code: 'note_of_another' } });
    const { body: other } = await write('Of the chief', customerId, 'customers', chief);
    expect((await call('DELETE', `notes/${other.id}`)).body).toMatchObject({ code: 'note_of_another' });
    expect((await call('DELETE', `notes/${note.id}`, undefined, chief)).status).toBe(204);
    expect(await bodiesOn(customerId)).toEqual(['Of the chief']);
  });

  it('are unknown to another tenant', async () => {
    const { body: note } = await write();
    const foreigner = await signIn(api!, { grants: [...EVERYTHING, 'notes:moderate'], tenantId: OTHER_TENANT });
    expect(await bodiesOn(customerId, foreigner)).toEqual([]);
    expect((await call('GET', `notes/${note.id}`, undefined, foreigner)).status).toBe(404);
    expect((await call('DELETE', `notes/${note.id}`, undefined, foreigner)).status).toBe(404);
    expect((await write('Theirs', customerId, 'customers', foreigner)).status).toBe(404);
  });

  it('hide with their record in the trash, and go with it for good, on record', async () => {
    const { body: note } = await write();
    expect((await call('DELETE', `customers/${customerId}`)).status).toBe(204);
    expect(await bodiesOn(customerId)).toEqual([]);
    expect((await write()).status).toBe(404);
    expect((await call('DELETE', `customers/${customerId}?permanent=true`)).status).toBe(204);
    expect((await api!.superuser.query('select 1 from notes where id = $1', [note.id])).rows).toEqual([]);
    const { rows } = await api!.superuser.query(
      `select actor_id as actor from audit_log where entity = 'notes' and entity_id = $1 and action = 'deleted'`,
      [note.id],
    );
    expect(rows).toEqual([{ actor: ada!.userId }]);
  });

  it('hold their record while they are written, so that they never outlive it', async () => {
    const isWaitedFor = async (): Promise<boolean> =>
      (await api!.db.query('select 1 from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))'))
        .length > 0;
    let deletion: Promise<unknown> | undefined;
    await api!.as(ada!.actor, () =>
      api!.db.transaction(async () => {
        await api!.get(NotesService).write({ recordKind: 'customers', recordId: customerId, body: 'Late' });
        deletion = api!.superuser.query('delete from customers where id = $1', [customerId]);
        await expect.poll(isWaitedFor).toBe(true);
      }),
    );
    await deletion;
    const { rows } = await api!.superuser.query('select 1 from notes where record_id = $1', [customerId]);
    expect(rows).toEqual([]);
    expect((await write()).status).toBe(404);
  });

  it('tell whom they mention where, and no more: once, and not again when they are changed', async () => {
    const told = async (): Promise<string[]> => {
      await worker!.settled();
      return smtp.received.map(({ recipients, subject }) => `${recipients.join()}: ${subject}`).sort();
    };
    await told();
    smtp.received.length = 0;
    const { body: note } = await write('Secret. Ask @clara, @ada, @nobody or clara@acme.example.');
    const where = `You are mentioned in customer ${customerId}`;
    await expect.poll(told).toEqual([`clara@acme.example: ${where}`]);
    expect(smtp.received[0]!.raw).not.toContain('Secret');
    await call('PATCH', `notes/${note.id}`, { body: 'Ask @clara or @chief.' });
    await expect.poll(told).toEqual([`chief@acme.example: ${where}`, `clara@acme.example: ${where}`]);
  });

  it('stand in the timeline of the customer, with those on the customer’s inquiries', async () => {
    const inquiryId = await anInquiry();
    await write('First');
    await write('Second', inquiryId, 'inquiries');
    const toldTo = async (as = ada): Promise<object[]> =>
      (await call('GET', `customers/${customerId}/timeline?kind=notes.written`, undefined, as)).body.data;
    expect(await toldTo()).toMatchObject([
      { details: { excerpt: 'Second' }, ref: { resource: 'inquiries', id: inquiryId }, actorId: ada!.userId },
      { details: { excerpt: 'First' }, ref: { resource: 'customers', id: customerId }, title: 'Note' },
    ]);
    const customersOnly = await signIn(api!, { grants: ['notes:read', 'customers:read_all'] });
    expect(await toldTo(customersOnly)).toMatchObject([{ details: { excerpt: 'First' } }]);
    expect(await toldTo(await signIn(api!, { grants: ['customers:read_all'] }))).toEqual([]);
  });
});
