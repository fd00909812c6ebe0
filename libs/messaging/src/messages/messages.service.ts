import { Clock, newId } from '@app/kernel';
import { Config, currentTenantId, Database, Jobs, Ports } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { domainOf, readMailAddress } from './mail-address.js';
import { branded, brandedSender, MailBrandPort } from './mail-brand.js';
import { mintMessageId } from './message-id.js';
import { Message } from './message.entity.js';
import { MessageIdTaken } from './message.errors.js';
import { Deliver } from './messages.jobs.js';
import { assertSendable, type OutgoingMail } from './outgoing-mail.js';

@Injectable()
export class MessagesService {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly ports: Ports,
  ) {}

  /** What no person wrote bears the tenant's brand. @throws InvalidMail, MessageIdTaken */
  queue(mail: OutgoingMail): Promise<{ id: string; messageId: string }> {
    assertSendable(mail);
    const own = readMailAddress(this.config.MAIL_FROM);
    const messageId = mail.messageId ?? mintMessageId(currentTenantId(), mail.about, domainOf(own.address));
    return this.db.transaction(async () => {
      const before = await this.findBy(messageId);
      if (before && !before.isFor(mail.about)) throw new MessageIdTaken(messageId);
      if (before) return { id: before.id, messageId };
      const brand = await this.ports.all(MailBrandPort)[0]?.current();
      const envelope = { id: newId(), messageId, sender: mail.from ?? brandedSender(own, mail, brand) };
      const message = await this.db.create(Message.queue(branded(mail, brand), envelope, this.clock.now()));
      await this.deliverWhenDue(message);
      return { id: message.id, messageId };
    });
  }

  async cancel(id: string, version?: number): Promise<void> {
    await this.db.change(Message, id, version, (message) => message.cancel());
  }

  /** From `unknown` it may arrive twice: the decision is the caller's. */
  async retry(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      const now = this.clock.now();
      await this.deliverWhenDue(await this.db.change(Message, id, version, (message) => message.retry(now)));
    });
  }

  async resolve(id: string, outcome: 'sent' | 'failed', version?: number): Promise<void> {
    await this.db.change(Message, id, version, (message) => message.resolve(outcome));
  }

  /** The lock makes concurrent calls wait for the first to commit: a broken unique key would cost the caller its transaction. */
  private async findBy(messageId: string): Promise<Message | undefined> {
    const key = [currentTenantId(), messageId];
    await this.db.query("select pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0))", key);
    const [found] = await this.db.findWhere(Message, 'tenant_id = $1 and message_id = $2', key);
    return found;
  }

  private deliverWhenDue({ id, notBefore }: Message): Promise<void> {
    return this.jobs.enqueue(Deliver, { messageId: id, due: notBefore.toISOString() }, notBefore);
  }
}
