import { Clock } from '@app/kernel';
import { Config, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailBounced } from '../events.js';
import type { MailboxCard } from '../mailboxes/mailboxes.queries.js';
import { type ParsedMail, parseAddressList } from '../parsing/index.js';
import { type Automation, classifyAutomation, isPermanentFailure, threadCandidates } from '../threading/index.js';
import { MailSecrets } from '../threads/mail-secrets.js';
import { Threads } from '../threads/threads.service.js';
import type { Mail } from './mail.entity.js';
import { type FoundThread, routeOf } from './mail.policy.js';

type Occasion = {
  readonly inUse: readonly MailboxCard[];
  readonly isForged: boolean;
  /** By the same sender, counted up to what is too many. */
  readonly sentLastHour: number;
  /** The tenant wants nothing of its sender. */
  readonly isIgnored: boolean;
};

/** Decides, once, where a mail that was just read belongs. */
@Injectable()
export class MailRouting {
  private readonly ownSenders: readonly string[];

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly threads: Threads,
    private readonly secrets: MailSecrets,
    config: Config,
  ) {
    this.ownSenders = parseAddressList(config.MAIL_FROM).map(({ address }) => address);
  }

  /** Leaves the decision on the mail, to be written by the caller with its events. */
  async route(mail: Mail, parsed: ParsedMail, of: Occasion): Promise<void> {
    const own = [...of.inUse.map(({ address }) => address), ...this.ownSenders];
    const automation = classifyAutomation(parsed, own);
    const thread = await this.threadOf(parsed, automation, of.isForged);
    const hasReplyTo = parsed.replyTo.length > 0;
    const route = routeOf({ automation, thread, hasReplyTo, sentLastHour: of.sentLastHour, isIgnored: of.isIgnored });
    mail.route(route, { threadedBy: thread?.by ?? null, isBounce: automation.isBounce }, this.clock.now());
    if (automation.isBounce) await this.tellOfBounces(mail, automation);
  }

  /** A report refers to what it could not deliver, which its own headers need not say. */
  private threadOf(parsed: ParsedMail, { report }: Automation, isForged: boolean): Promise<FoundThread | undefined> {
    const tenantId = currentTenantId();
    const inReplyTo = [...parsed.inReplyTo, ...(report?.originalMessageIds ?? [])];
    const keys = threadCandidates({ ...parsed, inReplyTo }, { tenantId, secret: this.secrets.of(tenantId) });
    return this.threads.find(keys, { address: parsed.from?.address ?? '', isForged });
  }

  private async tellOfBounces(mail: Mail, { report }: Automation): Promise<void> {
    const failed = report?.recipients.filter(({ action }) => action === 'failed') ?? [];
    const originalMessageId = report?.originalMessageIds[0] ?? null;
    const events = failed.map((recipient) =>
      MailBounced({
        mailId: mail.id,
        originalMessageId,
        recipient: recipient.address,
        permanent: isPermanentFailure(recipient),
        status: recipient.status,
        diagnostic: recipient.diagnostic,
      }),
    );
    await this.db.publish(...events);
  }
}
