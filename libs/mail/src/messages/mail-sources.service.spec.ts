import { authContexts } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { FileStore, runAsSystem } from '@app/platform';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailContext, MailIntake } from '../index.js';
import { aRawMail } from '../testing.js';
import { SourceDeleted } from './mail.errors.js';
import { MailSources } from './mail-sources.retention.js';
import { MailPermissions } from './mail.policy.js';
import { MailsQueries } from './mails.queries.js';

const DAY = 86_400_000;

describe('The raw source of a mail', () => {
  const clock = new FixedClock();
  const ada = anActor(Object.values(MailPermissions));
  let api: Slice;
  let worker: Slice;
  beforeAll(async () => {
    const contexts = [...authContexts, mailContext];
    api = await bootSlice({ contexts, clock });
    worker = await bootSlice({ contexts, clock, app: 'worker', beside: api });
  });
  beforeEach(() => api.empty('mails', 'mail_deliveries', 'mail_attachments', 'outbox', 'deliveries'));
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const take = async (raw: Buffer): Promise<string> => (await api.as(ada, () => api.get(MailIntake).take(raw))).id;
  /** One that was read and led nowhere: a machine wrote it. */
  const aReadMail = async (lines: string[] = []): Promise<{ id: string; raw: Buffer; hash: string }> => {
    const raw = aRawMail({ headers: ['Auto-Submitted: auto-generated', ...lines] });
    const id = await take(raw);
    await worker.settled();
    const { rows } = await api.superuser.query('select state, raw_hash from mails where id = $1', [id]);
    expect(rows[0].state).toBe('ignored');
    return { id, raw, hash: rows[0].raw_hash };
  };
  const written = (statement: string, params: unknown[]): Promise<unknown> =>
    api.as(ada, () => api.db.transaction(() => api.db.query(statement, params)));
  const purge = (days: number): Promise<number> =>
    runAsSystem(TENANT, 'tests.retention', newId(), () =>
      worker.get(MailSources).purge(new Date(clock.now().getTime() - days * DAY)),
    );
  const isStored = (hash: string): Promise<boolean> =>
    api
      .as(ada, () => api.get(FileStore).read(hash))
      .then(
        () => true,
        () => false,
      );
  const source = (id: string) => api.as(ada, () => api.get(MailsQueries).raw(id));
  const anHourLater = async (): Promise<void> => {
    clock.advance(DAY / 24 + 1);
    await api.superuser.query(`update outbox set run_at = now() where type = 'mail.forget-source'`);
    await worker.settled();
  };

  it('goes once it was kept for as long as the tenant wants, and what was read of it stays', async () => {
    const { id, hash } = await aReadMail();
    clock.advance(10 * DAY);
    const recent = await aReadMail();
    expect(await purge(9)).toBe(1);
    expect(await isStored(hash)).toBe(true); // somebody may be storing the same bytes
    await anHourLater();
    expect([await isStored(hash), await isStored(recent.hash)]).toEqual([false, true]);
    await expect(source(id)).rejects.toThrow(SourceDeleted);
    const mail = await api.as(ada, () => api.get(MailsQueries).get(id));
    expect([mail.subject, mail.sourceDeletedAt]).not.toContain(null);
    expect((await source(recent.id)).hash).toBe(recent.hash);
    expect(await purge(9)).toBe(0);
  });

  it('stays as long as the mail could still be read, or could not', async () => {
    const broken = await take(Buffer.from('\n\nno mail at all'));
    await worker.settled();
    clock.advance(100 * DAY);
    expect(await purge(1)).toBe(0);
    const { rows } = await api.superuser.query('select state, raw_hash from mails where id = $1', [broken]);
    expect(rows[0].state).toBe('quarantined');
    await expect(
      api.superuser.query('update mails set source_deleted_at = now() where id = $1', [broken]),
    ).rejects.toThrow('mails_keep_their_source_until_read');
  });

  it('is gone for good: the same mail again is known, changes nothing, and its bytes do not stay', async () => {
    const { id, raw, hash } = await aReadMail();
    clock.advance(10 * DAY);
    await purge(9);
    await anHourLater();
    expect(await take(raw)).toBe(id);
    expect([await isStored(hash), await purge(0)]).toEqual([true, 0]);
    await anHourLater();
    expect(await isStored(hash)).toBe(false);
    await expect(source(id)).rejects.toThrow(SourceDeleted);
  });

  it('stays where another row names the same bytes', async () => {
    const { hash } = await aReadMail();
    const forwarding = await aReadMail();
    await written(
      `insert into mail_attachments (tenant_id, id, mail_id, position, filename, mime_type, kind, size, is_inline, hash)
       values ($1, $2, $3, 1, 'a.eml', 'message/rfc822', 'file', 1, false, $4)`,
      [TENANT, newId(), forwarding.id, hash],
    );
    clock.advance(10 * DAY);
    expect(await purge(9)).toBe(2);
    await anHourLater();
    expect(await isStored(hash)).toBe(true);
  });

  it('is given up once, however many workers do it at once, and more than one batch of it', async () => {
    await aReadMail();
    await written(
      `insert into mails (tenant_id, id, raw_hash, size, state, received_at, decision, decided_at)
         select $1, gen_random_uuid(), encode(sha256(n::text::bytea), 'hex'), 1, 'ignored', $2, 'ignored', $2
         from generate_series(1, 1200) n`,
      [TENANT, clock.now()],
    );
    clock.advance(10 * DAY);
    const gone = await Promise.all([purge(9), purge(9), purge(9)]);
    expect(gone.reduce((sum, one) => sum + one, 0)).toBe(1201);
  });
});
