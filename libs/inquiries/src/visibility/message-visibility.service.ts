import type { Actor } from '@app/kernel';
import { MailPermissions } from '@app/mail';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { InquiryMessageView } from '../conversation/conversation.dto.js';
import { ConversationQueries } from '../conversation/conversation.queries.js';
import { InquiryMessage } from '../conversation/inquiry-message.entity.js';
import { MessageVisibilityChanged } from '../events.js';
import { MessageHidden, ReaderUnknown } from '../inquiries/inquiry.errors.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { conversationOf, InquiryHomes } from '../merging/inquiry-homes.js';
import { isNarrower, type Visibility } from './visibility.policy.js';

type Readers = { readonly visibility: Visibility; readonly userIds?: readonly string[] };

/** What stands after a message in its conversation, and is read by more people than it. */
const WIDER_AFTER = `m.tenant_id = $1 and m.inquiry_id in ${conversationOf('$2')} and m.id <> $3
  and (m.at > $4 or (m.inquiry_id = $5 and m.seq > $6))
  and m.visibility = any (case $7::text when 'participants' then '{all,team}' else '{all}' end::text[])`;

/** Who may read which message. */
@Injectable()
export class MessageVisibilityService {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly homes: InquiryHomes,
    private readonly queries: ConversationQueries,
  ) {}

  /**
   * By whoever may restrict the inquiry, or had a hand in the message, and may read it, or whatever is kept from them. The
   * inquiry is held: what comes in meanwhile is written before, and narrowed here, or after, and narrowed by the database.
   * @throws RecordNotFound, OutOfReach, MessageHidden, ReaderUnknown, VersionConflict
   */
  async set(id: string, messageId: string, to: Readers, version?: number): Promise<InquiryMessageView> {
    await this.reach.assertReadable(id);
    const write = this.db.transaction(async () => {
      const home = await this.homes.hold(id);
      await this.assertOf(id, messageId);
      const message = await this.db.lock(InquiryMessage, messageId, version);
      const actor = currentActor();
      const isShown = await this.reach.isShown(messageId, actor);
      await this.assertMay(actor, id, message, isShown);
      // who keeps it from others is not kept from it: else a slip could not be taken back
      const setter = isShown && actor.kind === 'user' ? [actor.id] : [];
      const { visibility: before } = message;
      message.showTo(to.visibility, [...(to.userIds ?? []), ...setter]);
      await this.db.save(message);
      // a mail quotes what it answers, and no note
      if (message.direction !== 'note' && isNarrower(to.visibility, before))
        await this.narrowAfter(message, home?.id ?? id);
      await this.db.publish(MessageVisibilityChanged({ inquiryId: id, messageId, visibility: to.visibility }));
    });
    await write.catch(onConstraint('inquiry_messages_named_are_people', () => new ReaderUnknown()));
    return this.queries.one(id, messageId);
  }

  /** Whoever it is for; on record where it is not for whoever asks. @throws RecordNotFound */
  async reveal(id: string, messageId: string): Promise<InquiryMessageView> {
    const revealed = await this.queries.one(id, messageId, true);
    const isShown = await this.reach.isShown(messageId);
    if (!isShown) await this.db.audit('inquiry_messages', messageId, 'revealed', { after: { inquiryId: id } });
    return revealed;
  }

  private async assertMay(actor: Actor, id: string, message: InquiryMessage, isShown: boolean): Promise<void> {
    const isTheirs = message.authorId === actor.id || message.writers.includes(actor.id);
    if (!isTheirs) await this.reach.assert(id, InquiryPermissions.restrict);
    if (!isShown && !actor.can(MailPermissions.reveal)) throw new MessageHidden();
  }

  private async assertOf(id: string, messageId: string): Promise<void> {
    const found = await this.db.one(
      `select 1 from inquiry_messages m where m.tenant_id = $1 and m.id = $3 and m.inquiry_id in ${conversationOf('$2')}`,
      [currentTenantId(), id, messageId],
    );
    if (!found) throw new RecordNotFound('message', messageId);
  }

  private async narrowAfter(message: InquiryMessage, home: string): Promise<void> {
    const { id, at, inquiryId, seq, visibility, named } = message;
    await this.db.query(
      `update inquiry_messages m set visibility = $7, named = array(select distinct one from unnest(m.named || $8::uuid[]) one),
         version = m.version + 1 where ${WIDER_AFTER}`,
      [currentTenantId(), home, id, at, inquiryId, seq, visibility, named],
    );
  }
}
