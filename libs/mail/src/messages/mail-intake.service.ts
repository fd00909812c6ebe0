import { Clock, newId } from '@app/kernel';
import {
  currentTenantId,
  Database,
  defineFailpoint,
  failpoint,
  FileStore,
  Jobs,
  Metrics,
  type StoredFile,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../parsing/index.js';
import { Mail } from './mail.entity.js';
import { MailEmpty, UnknownMailbox } from './mail.errors.js';
import { ForgetSource, forgottenAt, ParseMail } from './mail.jobs.js';

const storedPoint = defineFailpoint('mail.stored', 'The raw mail is on disk, no row names it yet.');

const DELIVER = `insert into mail_deliveries (tenant_id, id, mailbox_id, mail_id, raw_hash)
  select m.tenant_id, d.id, $2, coalesce(m.duplicate_of, m.id), m.raw_hash
  from unnest($3::uuid[], $4::uuid[]) d(id, mail_id) join mails m on m.tenant_id = $1 and m.id = d.mail_id
  on conflict on constraint mail_deliveries_are_unique do nothing`;

type Known = { id: string; hash: string; isGivenUp: boolean };

@Injectable()
export class MailIntake {
  private readonly taken;

  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.taken = metrics.counter('mail_messages_total', 'Incoming mails by what became of them.', ['outcome']);
  }

  /**
   * Stores the bytes, then the row that names them; reading them is the worker's. The same bytes again, at any time or at the
   * same time, answer the first mail and change nothing. @throws MailEmpty, UnknownMailbox
   */
  async take(raw: Buffer, mailboxAddress?: string): Promise<{ id: string }> {
    const mailboxId = mailboxAddress === undefined ? null : await this.mailboxAt(mailboxAddress);
    const [id] = await this.takeInto([raw], mailboxId);
    if (!id) throw new MailEmpty();
    return { id };
  }

  /** The same for several at once, into a mailbox that is known; answers their ids in order. @throws MailEmpty */
  async takeInto(raws: readonly Buffer[], mailboxId: string | null): Promise<string[]> {
    if (raws.some(({ length }) => length === 0)) throw new MailEmpty();
    const stored = await Promise.all(raws.map((raw) => this.files.put(raw)));
    failpoint(storedPoint);
    return this.db.transaction(async () => {
      const known = await this.findKnown(stored.map(({ hash }) => hash));
      const idOf = new Map(known.map(({ id, hash }) => [hash, id]));
      await this.forget(known.filter(({ isGivenUp }) => isGivenUp));
      const fresh = stored.filter(
        ({ hash }, at) => !idOf.has(hash) && stored.findIndex((one) => one.hash === hash) === at,
      );
      for (const { id, rawHash } of await this.receive(fresh, mailboxId)) idOf.set(rawHash, id);
      const ids = stored.map(({ hash }) => idOf.get(hash) ?? '');
      if (mailboxId) await this.db.query(DELIVER, [currentTenantId(), mailboxId, ids.map(() => newId()), ids]);
      this.db.afterCommit(() => {
        this.taken.inc({ outcome: 'received' }, fresh.length);
        this.taken.inc({ outcome: 'repeated' }, stored.length - fresh.length);
      });
      return ids;
    });
  }

  /** @throws InvalidTransition for what is not quarantined */
  async reparse(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.change(Mail, id, version, (mail) => mail.reparse());
      await this.jobs.enqueue(ParseMail, { mailId: id });
    });
  }

  private async receive(fresh: readonly StoredFile[], mailboxId: string | null): Promise<Mail[]> {
    const now = this.clock.now();
    const mails = fresh.map(({ hash: rawHash, size }) => Mail.receive({ rawHash, size, mailboxId }, now));
    await this.db.createAll(mails);
    await this.jobs.enqueueAll(
      ParseMail,
      mails.map(({ id: mailId }) => ({ payload: { mailId } })),
    );
    return mails;
  }

  /**
   * The lock makes the same mail wait for its first commit: a broken unique key would cost the caller its transaction.
   * In one order for all, so that two who take the same mails do not wait for each other.
   */
  private async findKnown(hashes: readonly string[]): Promise<Known[]> {
    const tenantId = currentTenantId();
    await this.db.query(
      `select pg_advisory_xact_lock(hashtextextended('mail ' || $1::text || hash, 0)) from unnest($2::text[]) hash`,
      [tenantId, [...new Set(hashes)].sort()],
    );
    return this.db.query<Known>(
      `select id, raw_hash as hash, source_deleted_at is not null as "isGivenUp"
       from mails where tenant_id = $1 and raw_hash = any ($2::text[])`,
      [tenantId, hashes],
    );
  }

  /** They came again and are stored again, although the tenant keeps them no longer. */
  private async forget(sources: readonly Known[]): Promise<void> {
    if (!sources.length) return;
    const at = forgottenAt(this.clock.now());
    await this.jobs.enqueueAll(
      ForgetSource,
      sources.map(({ hash }) => ({ payload: { hash }, at })),
    );
  }

  private async mailboxAt(address: string): Promise<string> {
    const found = await this.db.one<{ id: string }>(
      'select id from mailboxes where tenant_id = $1 and address = $2 and deleted_at is null',
      [currentTenantId(), normaliseEmail(address)],
    );
    if (!found) throw new UnknownMailbox(address);
    return found.id;
  }
}
