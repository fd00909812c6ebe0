import { newId } from '@app/kernel';
import { currentTenantId, Database, defineFailpoint, failpoint, FileStore, Metrics } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { claim } from '../mailboxes/mailbox.policy.js';
import { type MailboxCard, MAILBOXES_IN_USE } from '../mailboxes/mailboxes.queries.js';
import { type MailAttachment, MailRefused, type ParsedMail, parseMail } from '../parsing/index.js';
import { threadKey } from '../threads/thread-key.js';
import { Mail } from './mail.entity.js';
import {
  contentHashOf,
  MOST_MAILS_AN_HOUR,
  MOST_READINGS,
  ownResult,
  type QuarantineReason,
  senderVerdict,
} from './mail.policy.js';
import { patternsOf } from '../senders/sender-pattern.js';
import { MailRouting } from './mail-routing.service.js';

const readPoint = defineFailpoint('mail.read', 'The attachments are on disk, what was read is not committed.');

const STORED_AT_ONCE = 16;

const ATTACH = `insert into mail_attachments (tenant_id, id, mail_id, position, filename, mime_type, kind, size, content_id, is_inline, hash)
  select $1, a.id, $2, a.position, a.filename, a."mimeType", a.kind, a.size, a."contentId", a.inline, a.hash
  from jsonb_to_recordset($3::jsonb) a(id uuid, position int, filename text, "mimeType" text, kind text, size int, "contentId" text, inline boolean, hash text)`;

// Asked once, before any row is looked at. The row is read again as it stands by then.
const HELD = `tenant_id = $1 and id = $2
  and (select pg_advisory_xact_lock(hashtextextended('mail copies ' || $1::text || $3::text, 0))) is not null for update`;

const DELIVER = `insert into mail_deliveries (tenant_id, id, mailbox_id, mail_id, raw_hash)
  select $1, d.id, d.mailbox_id, $2, $3 from unnest($4::uuid[], $5::uuid[]) d(id, mailbox_id)
  on conflict on constraint mail_deliveries_are_unique do nothing`;

/** What is known already of its words, of its Message-ID, and of its sender, also in the hour before it; and who takes mails. */
type Past = {
  readonly inUse: readonly MailboxCard[];
  readonly original: string | null;
  readonly isReused: boolean;
  readonly sentLastHour: number;
  readonly isIgnored: boolean;
};
const HOUR_MS = 3600 * 1000;

const PAST = `select ${MAILBOXES_IN_USE} as "inUse",
  (select m.id from mails m where m.tenant_id = $1 and m.content_hash = $3) as original,
  exists (select 1 from mails m where m.tenant_id = $1 and m.effective_message_id = $4 and m.id <> $2 and m.state <> 'duplicate') as "isReused",
  (select count(*)::int from (select 1 from mails m where m.tenant_id = $1 and m.from_address = $5 and m.received_at > $6
     and m.id <> $2 and m.state <> 'duplicate' limit ${MOST_MAILS_AN_HOUR}) recent) as "sentLastHour",
  exists (select 1 from ignored_senders s where s.tenant_id = $1 and s.pattern = any ($7::text[])) as "isIgnored"`;

/** Turns raw mails into read ones. Runs in the job's transaction; what a rollback leaves is files without rows. */
@Injectable()
export class MailReading {
  private readonly log = new Logger('mail');
  private readonly ended;

  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly routing: MailRouting,
    metrics: Metrics,
  ) {
    this.ended = metrics.counter('mail_messages_total', 'Incoming mails by what became of them.', ['outcome']);
  }

  /** `attempt` counts crashes too. A mail that is not waiting to be read any more is left as it is. */
  async read(mailId: string, attempt: number): Promise<void> {
    const waiting = await this.db.find(Mail, mailId);
    if (waiting?.state !== 'received') return;
    const parsed = attempt > MOST_READINGS ? 'crashed' : await this.parse(waiting);
    if (typeof parsed !== 'string') await this.store(parsed.attachments);
    failpoint(readPoint);
    await this.db.transaction(async () => {
      const mail = await this.hold(mailId, parsed);
      if (mail?.state !== 'received') return;
      if (typeof parsed === 'string') mail.quarantine(parsed);
      else await this.keep(mail, parsed);
      await this.db.save(mail);
      const outcome = mail.decision ?? mail.state;
      this.db.afterCommit(() => this.ended.inc({ outcome }));
    });
  }

  private async parse(mail: Mail): Promise<ParsedMail | QuarantineReason> {
    const raw = await this.files.read(mail.rawHash);
    try {
      const parsed = await parseMail(raw);
      return parsed.rawHash === mail.rawHash ? parsed : 'damaged';
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      this.log.warn({ mail: mail.id, reason: error.reason }, 'a mail was set aside');
      return error.reason;
    }
  }

  /** Several at a time: each waits for the disk, and the transaction must not wait for a thousand in a row. */
  private async store(attachments: readonly MailAttachment[]): Promise<void> {
    for (let at = 0; at < attachments.length; at += STORED_AT_ONCE) {
      const some = attachments.slice(at, at + STORED_AT_ONCE);
      await Promise.all(some.map(({ content }) => this.files.put(content)));
    }
  }

  private async keep(mail: Mail, parsed: ParsedMail): Promise<void> {
    const { inUse, original, isReused, sentLastHour, isIgnored } = await this.pastOf(mail, parsed);
    const claimed = mail.mailboxId ? inUse.filter(({ id }) => id === mail.mailboxId) : claimedBy(parsed, inUse);
    const mailboxId = mail.mailboxId ?? claimed[0]?.id ?? null;
    const undelivered = mail.mailboxId ? [] : claimed; // whoever takes it into a mailbox says so at once
    if (original) return this.keepCopy(mail, parsed, original, undelivered, mailboxId);
    const authentication = ownResult(parsed.headers.authenticationResults, claimed[0]?.authServer ?? null);
    const verdict = senderVerdict(authentication);
    mail.read(parsed, { mailboxId, authentication, senderVerdict: verdict, isReused });
    await this.deliver(mail, mail.id, undelivered);
    await this.attach(mail, parsed.attachments);
    await this.routing.route(mail, parsed, { inUse, isForged: verdict === 'fail', sentLastHour, isIgnored });
  }

  /** The copy says that the mail came in by another mailbox too, and nothing else. */
  private async keepCopy(
    mail: Mail,
    parsed: ParsedMail,
    original: string,
    undelivered: MailboxCard[],
    mailboxId: string | null,
  ): Promise<void> {
    mail.duplicates(original, parsed, mailboxId);
    await this.deliver(mail, original, undelivered);
    await this.db.query('update mail_deliveries set mail_id = $3 where tenant_id = $1 and mail_id = $2', [
      currentTenantId(),
      mail.id,
      original,
    ]);
  }

  private async deliver(mail: Mail, to: string, mailboxes: readonly MailboxCard[]): Promise<void> {
    if (!mailboxes.length) return;
    const ids = mailboxes.map(({ id }) => id);
    await this.db.query(DELIVER, [currentTenantId(), to, mail.rawHash, ids.map(() => newId()), ids]);
  }

  private async attach(mail: Mail, attachments: readonly MailAttachment[]): Promise<void> {
    if (!attachments.length) return;
    const rows = attachments.map(({ content: _, sha256: hash, ...one }, at) => ({
      ...one,
      hash,
      id: newId(),
      position: at + 1,
    }));
    await this.db.query(ATTACH, [currentTenantId(), mail.id, JSON.stringify(rows)]);
  }

  /** Two copies, or two mails under one Message-ID, are read one after the other: before its row this waits for theirs. */
  private async hold(mailId: string, parsed: ParsedMail | QuarantineReason): Promise<Mail | undefined> {
    if (typeof parsed === 'string') return this.db.lock(Mail, mailId);
    const values = [currentTenantId(), mailId, parsed.messageId ?? parsed.contentHash];
    const [mail] = await this.db.findWhere(Mail, HELD, values);
    return mail;
  }

  private async pastOf(mail: Mail, parsed: ParsedMail): Promise<Past> {
    const { messageId, from } = parsed;
    const since = new Date(mail.receivedAt.getTime() - HOUR_MS);
    const patterns = from ? patternsOf(from.address) : [];
    const keys = [contentHashOf(parsed), messageId && threadKey(messageId), from?.address ?? null];
    const found = await this.db.one<Past>(PAST, [mail.tenantId, mail.id, ...keys, since, patterns]);
    if (!found) throw new Error('A question without a table always has an answer');
    return found;
  }
}

const claimedBy = ({ deliveredTo, to, cc }: ParsedMail, inUse: readonly MailboxCard[]): MailboxCard[] =>
  claim(inUse, { deliveredTo, named: [...to, ...cc].map(({ address }) => address) });
