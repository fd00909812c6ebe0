import { authContexts, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailContext, MailboxesService, MailFacade, MailIntake } from '../index.js';
import { aRawMail } from '../testing.js';

const SECRET = /Violet|violet|divorce|papers\.pdf/;
const files = [{ filename: 'papers.pdf', mimeType: 'application/pdf', content: Buffer.from('of the divorce') }];

describe('A mail that belongs to no inquiry', () => {
  let [api, worker]: Slice[] = [];
  let [reader, mate, admin]: SignedIn[] = [];
  const team = newId();

  beforeAll(async () => {
    api = await bootSlice({ contexts: [...authContexts, mailContext] });
    worker = await bootSlice({ contexts: [...authContexts, mailContext], app: 'worker', beside: api });
    reader = await signIn(api, { grants: ['mail:read_all'] });
    mate = await signIn(api, { grants: ['mail:read_all'], teams: [team] });
    admin = await signIn(api, { grants: ['mail:read_all', 'mail:reveal'] });
    await api.as(anActor(), async () => {
      const mailboxes = api!.get(MailboxesService);
      await mailboxes.open({ address: 'support@acme.example', name: 'Support' });
      await mailboxes.open({ address: 'team@acme.example', name: 'Team', teamId: team, messageVisibility: 'team' });
      await mailboxes.open({ address: 'hr@acme.example', name: 'HR', messageVisibility: 'participants' });
    });
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const get = (path: string, who: SignedIn) => api!.http('GET', `/api/v1/mail/messages${path}`, { token: who.token });
  const arrive = async (
    to: string,
    headers: string[] = [],
    messageId = `<${newId()}@example.org>`,
  ): Promise<string> => {
    const words = {
      from: 'Violet <violet@example.org>',
      subject: 'My divorce',
      text: 'It is a divorce.',
      attachments: files,
    };
    const raw = aRawMail({ to, messageId, headers, ...words });
    const { id } = await api!.as(anActor(), () => api!.get(MailIntake).take(raw));
    await worker!.settled();
    return id;
  };
  const hiddenFrom = async (id: string, who: SignedIn) => (await get(`/${id}`, who)).body.hidden as boolean;

  it.each([
    ['support@acme.example', [false, false]],
    ['team@acme.example', [true, false]],
    ['hr@acme.example', [true, true]],
    ['support@acme.example, hr@acme.example', [true, true]],
  ])('is read as the mailboxes say that it came to: %s', async (to, hidden) => {
    const id = await arrive(to);
    expect([await hiddenFrom(id, reader!), await hiddenFrom(id, mate!)]).toEqual(hidden);
  });

  it('shows that it came, and what became of it, and no more', async () => {
    const id = await arrive('hr@acme.example');
    const { body } = await get(`/${id}`, reader!);
    expect(body).toMatchObject({
      ...{
        id,
        state: 'parsed',
        decision: 'new',
        hidden: true,
        receivedAt: expect.any(String),
        mailboxIds: [expect.any(String)],
      },
      ...{ from: null, to: [], cc: [], subject: null, text: null, replyText: null, html: null, messageId: null },
      ...{ attachments: [], attachmentCount: 0, references: [], authentication: null },
    });
    const told = async (path: string) => JSON.stringify((await get(path, reader!)).body);
    expect(await told(`/${id}`)).not.toMatch(SECRET);
    expect(await told(`?limit=100&mailboxId=${body.mailboxId}`)).not.toMatch(SECRET);
    expect(await told('?limit=100&from=violet@example.org')).not.toContain(id);
    expect(await get(`/${id}/raw`, reader!)).toMatchObject({ status: 403, body: { code: 'mail_hidden' } });
  });

  it('is as hidden as the mail that it is a copy of', async () => {
    const messageId = `<${newId()}@example.org>`;
    const first = await arrive('hr@acme.example', [], messageId);
    const copy = await arrive('hr@acme.example', ['X-Way: two'], messageId);
    expect((await get(`/${copy}`, admin!)).body).toMatchObject({ state: 'duplicate', duplicateOf: first });
    expect(await get(`/${copy}/raw`, reader!)).toMatchObject({ status: 403, body: { code: 'mail_hidden' } });
  });

  it('gives its source and its files to who may reveal it, on record', async () => {
    const id = await arrive('hr@acme.example');
    expect(await hiddenFrom(id, admin!)).toBe(true);
    const { rows: parts } = await api!.superuser.query('select id from mail_attachments where mail_id = $1', [id]);
    const attachment = `/${id}/attachments/${(parts[0] as { id: string }).id}`;
    expect(await get(attachment, reader!)).toMatchObject({ status: 403 });
    expect([(await get(attachment, admin!)).status, (await get(`/${id}/raw`, admin!)).status]).toEqual([200, 200]);
    const { rows } = await api!.superuser.query(
      `select action, after, actor_id from audit_log where entity_id = $1 and action in ('revealed', 'source_read') order by id`,
      [id],
    );
    expect(rows).toEqual([
      { action: 'revealed', after: { attachmentId: (parts[0] as { id: string }).id }, actor_id: admin!.userId },
      { action: 'source_read', after: { hidden: true }, actor_id: admin!.userId },
    ]);
  });

  it('tells whoever makes something of it for whom it is', async () => {
    const visibilityOf = async (to: string) => {
      const id = await arrive(to);
      return (await api!.as(anActor(), () => api!.get(MailFacade).get(id))).visibility;
    };
    expect(await visibilityOf('support@acme.example')).toBe('all');
    expect(await visibilityOf('team@acme.example, support@acme.example')).toBe('team');
    expect(await visibilityOf('team@acme.example, hr@acme.example')).toBe('participants');
  });
});
