import { authContexts, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailContext, MailboxesService, MailFacade, MailIntake } from '../index.js';
import { aRawMail } from '../testing.js';

describe('Ignored senders', () => {
  let slice: Slice;
  let worker: Slice;
  let ada: SignedIn;

  beforeAll(async () => {
    const contexts = [...authContexts, mailContext];
    slice = await bootSlice({ contexts });
    worker = await bootSlice({ contexts, app: 'worker', beside: { database: slice.database, config: slice.config } });
    ada = await signIn(slice, { grants: ['mailboxes:read', 'mailboxes:manage', 'mail:read_all'] });
    await slice.as(ada.actor, () =>
      slice.get(MailboxesService).open({ address: 'support@acme.example', name: 'Support' }),
    );
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const call = (method: 'GET' | 'POST' | 'DELETE', path = '', body?: object, by = ada) =>
    slice.http(method, `/api/v1/mail/ignored-senders${path}`, { token: by.token, body });
  const routed = async (raw: Parameters<typeof aRawMail>[0]) => {
    const { id } = await slice.as(ada.actor, () => worker.get(MailIntake).take(aRawMail(raw)));
    await worker.settled();
    const { rows } = await slice.superuser.query(
      'select decision, is_automatic, inquiry_id, facts from mails where id = $1',
      [id],
    );
    return rows[0];
  };

  it('begin nothing from then on, by their address, their domain and what it is under', async () => {
    const from = 'Ann <ann@list.shop.example>';
    expect(await routed({ from })).toMatchObject({ decision: 'new' });
    for (const pattern of ['Ann@list.Shop.example', 'list.shop.example', '*.shop.example']) {
      const { status, body } = await call('POST', '', { pattern, note: 'Advertisements' });
      expect({ status, ...body }).toMatchObject({ status: 201, pattern: pattern.toLowerCase(), createdBy: ada.userId });
      expect(await routed({ from })).toMatchObject({
        ...{ decision: 'ignored', is_automatic: true, inquiry_id: null },
        facts: { reasons: ['ignored_sender'] },
      });
      expect((await call('DELETE', `/${body.id}`)).status).toBe(204);
      expect(await routed({ from })).toMatchObject({ decision: 'new' });
    }
    await call('POST', '', { pattern: 'shop.example' });
    expect(await routed({ from })).toMatchObject({ decision: 'new' });
  });

  it('stand quietly in what they answer', async () => {
    const inquiryId = newId();
    const messageId = '<answer@acme.example>';
    await slice.as(ada.actor, () => worker.get(MailFacade).rememberThread(messageId, inquiryId));
    await call('POST', '', { pattern: 'bo@noisy.example' });
    const from = 'bo@noisy.example';
    expect(await routed({ from, headers: [`In-Reply-To: ${messageId}`] })).toMatchObject({
      ...{ decision: 'ignored', inquiry_id: inquiryId },
    });
  });

  it.each(['', '*', 'org', '*.org', 'a*.example.org', '.*', '(a+)+$'])('are not named by %j', async (pattern) => {
    expect(await call('POST', '', { pattern })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/pattern' }] },
    });
  });

  it('are named once, however many name them at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('POST', '', { pattern: 'twice.example' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await call('GET', '?pattern=twice.example')).body.data).toHaveLength(1);
  });

  it('are nobody’s of another tenant', async () => {
    const { body } = await call('POST', '', { pattern: 'ours.example' });
    const grants = ['mailboxes:read', 'mailboxes:manage'];
    const stranger = await signIn(slice, { grants, tenantId: OTHER_TENANT });
    expect((await call('GET', '', undefined, stranger)).body.data).toEqual([]);
    expect((await call('DELETE', `/${body.id}`, undefined, stranger)).status).toBe(404);
    const reader = await signIn(slice, { grants: ['mailboxes:read'] });
    expect((await call('POST', '', { pattern: 'x.example' }, reader)).status).toBe(403);
  });
});
