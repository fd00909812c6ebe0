import { newId } from '@app/kernel';
import { MailFacade, replyHeaders } from '@app/mail';
import { Messaging } from '@app/messaging';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SIDE_SUBJECT } from './side-conversation.policy.js';
import type { SideConversation } from './side-conversation.entity.js';
import { SideMessage } from './side-message.entity.js';
import { addressKey } from './side-recipients.js';

type Letter = { readonly seq: number; readonly body: string; readonly teamId: string | null; readonly at: Date };
type Parent = { messageId: string | null; refs: string[] };

/** The mails of side conversations, in threads of their own. */
@Injectable()
export class SideLetters {
  constructor(
    private readonly db: Database,
    private readonly mails: MailFacade,
    private readonly messaging: Messaging,
  ) {}

  /**
   * In the open transaction, from the mailbox of the team. Its Message-ID is signed, and names the conversation and which of its
   * messages it is: what comes back to it finds its way.
   */
  async send(conversation: SideConversation, { seq, body, teamId, at }: Letter): Promise<SideMessage> {
    const { id: sideConversationId, inquiryId, subject, recipients } = conversation;
    const [id, { id: authorId, name: authorName }] = [newId(), currentActor()];
    const mailbox = await this.mails.mailboxOf(teamId);
    const domain = mailbox?.address.split('@').at(-1);
    const parent = await this.lastOf(sideConversationId);
    const thread = replyHeaders({ messageId: parent?.messageId ?? null, references: parent?.refs ?? [], subject });
    const sent = await this.messaging.send({
      to: recipients,
      from: mailbox && { name: mailbox.name, address: mailbox.address },
      replyTo: mailbox?.signsReplyAddress
        ? { name: mailbox.name, address: this.mails.replyAddressOf(mailbox.address, sideConversationId) }
        : undefined,
      subject: parent ? thread.subject : subject,
      text: body,
      messageId: domain && this.mails.messageIdOf({ responseId: sideConversationId, revision: seq, domain }),
      inReplyTo: thread.inReplyTo ?? undefined,
      references: thread.references,
      purpose: 'transactional',
      about: { kind: SIDE_SUBJECT, id },
    });
    const addresses = recipients.map(addressKey);
    await this.mails.rememberSide(sent.messageId, inquiryId, { id: sideConversationId, addresses });
    const mail = { outgoingId: sent.id, messageId: sent.messageId, refs: thread.references };
    const said = { id, sideConversationId, seq, authorId, authorName, recipients, body, at };
    return this.db.create(SideMessage.send({ ...said, ...mail }));
  }

  private lastOf(sideConversationId: string): Promise<Parent | undefined> {
    return this.db.one<Parent>(
      `select message_id as "messageId", refs from side_messages
       where tenant_id = $1 and side_conversation_id = $2 and not is_automatic order by seq desc limit 1`,
      [currentTenantId(), sideConversationId],
    );
  }
}
