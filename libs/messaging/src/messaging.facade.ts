import { Clock, newId } from '@app/kernel';
import { Config, currentTenantId, Database, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { domainOf, readMailAddress } from './messages/mail-address.js';
import { Message } from './messages/message.entity.js';
import { MessageIdTaken } from './messages/message.errors.js';
import { mintMessageId } from './messages/message-id.js';
import { Deliver } from './messages/messages.jobs.js';
import { assertSendable, type OutgoingMail } from './messages/outgoing-mail.js';
import { type Suppress, SuppressionsService } from './suppressions/suppressions.service.js';

/** What other contexts ask of messaging. */
@Injectable()
export class Messaging {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly suppressions: SuppressionsService,
  ) {}

  /**
   * Leaves a mail to be sent, in the open transaction or in its own. The same `about` with the same Message-ID again
   * changes nothing and answers the first one. What became of it is told by MessageSent, MessageFailed, MessageUnknown
   * or MessageSuppressed.
   * @throws InvalidMail, MessageIdTaken
   */
  send(mail: OutgoingMail): Promise<{ id: string; messageId: string }> {
    assertSendable(mail);
    const own = readMailAddress(this.config.MAIL_FROM);
    const messageId = mail.messageId ?? mintMessageId(currentTenantId(), mail.about, domainOf(own.address));
    return this.db.transaction(async () => {
      const before = await this.findSent(messageId);
      if (before && !isAbout(before, mail)) throw new MessageIdTaken(messageId);
      if (before) return { id: before.id, messageId };
      const message = Message.queue(mail, { id: newId(), messageId, sender: mail.from ?? own }, this.clock.now());
      const { id, notBefore } = await this.db.create(message);
      await this.jobs.enqueue(Deliver, { messageId: id, due: notBefore.toISOString() }, notBefore);
      return { id, messageId };
    });
  }

  /** Only while it is queued. @throws InvalidTransition, RecordNotFound */
  async cancel(id: string, version?: number): Promise<void> {
    await this.db.change(Message, id, version, (message) => message.cancel());
  }

  /** Puts an address on the suppression list; once there, again changes nothing. */
  async suppress(suppress: Suppress): Promise<void> {
    await this.suppressions.suppress(suppress);
  }

  /** The lock makes concurrent calls wait for the first to commit: a broken unique key would cost the caller its transaction. */
  private async findSent(messageId: string): Promise<Message | undefined> {
    await this.db.query("select pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0))", [
      currentTenantId(),
      messageId,
    ]);
    const [found] = await this.db.findWhere(Message, 'tenant_id = $1 and message_id = $2', [
      currentTenantId(),
      messageId,
    ]);
    return found;
  }
}

function isAbout(message: Message, { about }: OutgoingMail): boolean {
  return (
    message.aboutKind === about.kind &&
    message.aboutId === about.id.toLowerCase() &&
    message.aboutRevision === (about.revision ?? null)
  );
}
