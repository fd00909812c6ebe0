import { Clock, newId } from '@app/kernel';
import { currentTenantId, Database, defineFailpoint, failpoint, FileStore, Jobs, Metrics } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../parsing/index.js';
import { Mail } from './mail.entity.js';
import { MailEmpty, UnknownMailbox } from './mail.errors.js';
import { ParseMail } from './mail.jobs.js';

const storedPoint = defineFailpoint('mail.stored', 'The raw mail is on disk, no row names it yet.');

const DELIVER = `insert into mail_deliveries (tenant_id, id, mailbox_id, mail_id, raw_hash)
  select m.tenant_id, $2, $3, coalesce(m.duplicate_of, m.id), m.raw_hash from mails m where m.tenant_id = $1 and m.id = $4
  on conflict on constraint mail_deliveries_are_unique do nothing`;

type Taken = { id: string; isNew: boolean };

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
    return this.takeInto(raw, mailboxAddress === undefined ? null : await this.mailboxAt(mailboxAddress));
  }

  /** The same, into a mailbox that is known. @throws MailEmpty */
  async takeInto(raw: Buffer, mailboxId: string | null): Promise<{ id: string }> {
    if (raw.length === 0) throw new MailEmpty();
    const { hash, size } = await this.files.put(raw);
    failpoint(storedPoint);
    return this.db.transaction(async () => {
      const { id, isNew } = (await this.findKnown(hash)) ?? (await this.receive({ rawHash: hash, size, mailboxId }));
      if (mailboxId) await this.db.query(DELIVER, [currentTenantId(), newId(), mailboxId, id]);
      this.db.afterCommit(() => this.taken.inc({ outcome: isNew ? 'received' : 'repeated' }));
      return { id };
    });
  }

  /** @throws InvalidTransition for what is not quarantined */
  async reparse(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.change(Mail, id, version, (mail) => mail.reparse());
      await this.jobs.enqueue(ParseMail, { mailId: id });
    });
  }

  private async receive(raw: { rawHash: string; size: number; mailboxId: string | null }): Promise<Taken> {
    const { id } = await this.db.create(Mail.receive(raw, this.clock.now()));
    await this.jobs.enqueue(ParseMail, { mailId: id });
    return { id, isNew: true };
  }

  /** The lock makes the same mail wait for its first commit: a broken unique key would cost the caller its transaction. */
  private async findKnown(hash: string): Promise<Taken | undefined> {
    const tenantId = currentTenantId();
    await this.db.query("select pg_advisory_xact_lock(hashtextextended('mail ' || $1::text || $2::text, 0))", [
      tenantId,
      hash,
    ]);
    return this.db.one<Taken>('select id, false as "isNew" from mails where tenant_id = $1 and raw_hash = $2', [
      tenantId,
      hash,
    ]);
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
