import { MailFacade } from '@app/mail';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { wordsOf } from '../intake/words-of-mail.js';
import { SideConversation } from './side-conversation.entity.js';
import type { SideDelivery } from './side-conversation.policy.js';
import { SideMessage } from './side-message.entity.js';
import { addressKey } from './side-recipients.js';

type Routed = { readonly mailId: string; readonly sideConversationId: string; readonly isAutomatic: boolean };

/** What others answer in side conversations, and what becomes of our mails there. */
@Injectable()
export class SideAnswers {
  constructor(
    private readonly db: Database,
    private readonly mails: MailFacade,
  ) {}

  /** Each mail once. What a machine wrote stands quietly, and stays an ignored mail. */
  async take({ mailId, sideConversationId, isAutomatic }: Routed): Promise<void> {
    await this.db.transaction(async () => {
      const conversation = await this.db.lock(SideConversation, sideConversationId);
      if (await this.isTaken(mailId)) return;
      const mail = await this.mails.get(mailId);
      const { visibility = 'all', authorName = null, authorAddress = null, ...words } = wordsOf(mail);
      const seq = conversation.receive({ at: words.at, visibility, isAutomatic });
      await this.db.save(conversation);
      const { body, at } = words;
      const said = { sideConversationId, seq, body, at, authorName, authorAddress, isAutomatic };
      const of = { mailId, messageId: mail.messageId, refs: words.refs ?? [], html: mail.html };
      await this.db.create(SideMessage.receive({ ...said, ...of, attachments: words.attachments ?? [] }));
      if (isAutomatic) return;
      const addresses = conversation.recipients.map(addressKey);
      await this.mails.attributeToSide(mailId, conversation.inquiryId, { id: sideConversationId, addresses });
    });
  }

  async follow(id: string, delivery: SideDelivery, fault: string | null): Promise<void> {
    await this.db.change(SideMessage, id, undefined, (message) => message.follow(delivery, fault));
  }

  /** Anybody can write a report: it counts for what we sent, to those we sent it to. */
  async bounce(messageId: string, recipient: string, diagnostic: string): Promise<void> {
    const [bounced] = await this.db.findWhere(
      SideMessage,
      `tenant_id = $1 and message_id = $2 and direction = 'out'
       and exists (select 1 from jsonb_array_elements(recipients) r where lower(r->>'address') = $3)`,
      [currentTenantId(), messageId, recipient.toLowerCase()],
    );
    if (bounced) await this.follow(bounced.id, 'bounced', `${recipient}: ${diagnostic}`.slice(0, 500).toWellFormed());
  }

  private async isTaken(mailId: string): Promise<boolean> {
    const row = await this.db.one('select 1 from side_messages where tenant_id = $1 and mail_id = $2', [
      currentTenantId(),
      mailId,
    ]);
    return row !== undefined;
  }
}
