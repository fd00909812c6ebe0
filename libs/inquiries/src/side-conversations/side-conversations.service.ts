import { Clock } from '@app/kernel';
import { currentActor, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { type NewSideConversation, SideConversation } from './side-conversation.entity.js';
import { SideLetters } from './side-letters.js';
import type { SideMessage } from './side-message.entity.js';
import { distinct, SideRecipients } from './side-recipients.js';
import { SideReach } from './side.reach.js';

/** What staff does in side conversations. The inquiry is looked at and never changed: its clocks and its status stand. */
@Injectable()
export class SideConversationsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: SideReach,
    private readonly recipients: SideRecipients,
    private readonly letters: SideLetters,
  ) {}

  /**
   * Begins one with its first message, which is sent at once.
   * @throws RecordNotFound, OutOfReach, MessageHidden, InquiryIsMerged, RecipientIsCustomer, RecipientIsMailbox
   */
  async start(given: NewSideConversation & { readonly body: string }): Promise<SideConversation> {
    const { inquiryId, subject, body } = given;
    await this.reach.assertMayStart(inquiryId);
    return this.db.transaction(async () => {
      const inquiry = await this.held(inquiryId);
      const recipients = distinct(given.recipients);
      await this.recipients.assertOthers(inquiryId, given.recipients);
      const now = this.clock.now();
      const begun = SideConversation.start({ inquiryId, subject, recipients }, currentActor().id, now);
      const conversation = await this.db.create(begun);
      await this.letters.send(conversation, { seq: 1, body, teamId: inquiry.teamId, at: now });
      return conversation;
    });
  }

  /**
   * To the same recipients. Who was none of the customer's when it began may be now: they are asked for anew.
   * @throws RecordNotFound, OutOfReach, MessageHidden, SideConversationClosed, RecipientIsCustomer, RecipientIsMailbox
   */
  async write(id: string, body: string): Promise<SideMessage> {
    const home = await this.reach.assertChangeable(id);
    return this.db.transaction(async () => {
      const { teamId } = await this.held(home);
      const now = this.clock.now();
      const conversation = await this.db.lock(SideConversation, id);
      const seq = conversation.write(currentActor().id, now);
      await this.recipients.assertOthers(conversation.inquiryId, conversation.recipients);
      await this.db.save(conversation);
      return this.letters.send(conversation, { seq, body, teamId, at: now });
    });
  }

  /** @throws RecordNotFound, OutOfReach, MessageHidden, InvalidTransition, VersionConflict */
  close(id: string, version?: number): Promise<SideConversation> {
    return this.change(id, version, (conversation) => conversation.close());
  }

  /** @throws RecordNotFound, OutOfReach, MessageHidden, InvalidTransition, VersionConflict */
  reopen(id: string, version?: number): Promise<SideConversation> {
    return this.change(id, version, (conversation) => conversation.reopen('staff'));
  }

  private async change(
    id: string,
    version: number | undefined,
    verb: (conversation: SideConversation) => void,
  ): Promise<SideConversation> {
    await this.reach.assertChangeable(id);
    return this.db.change(SideConversation, id, version, verb);
  }

  /** It may have been merged, or gone into the trash, while this waited for it. */
  private async held(inquiryId: string): Promise<Inquiry> {
    const inquiry = await this.db.lock(Inquiry, inquiryId);
    if (inquiry.deletedAt) throw new RecordNotFound('inquiry', inquiryId);
    inquiry.assertWritable();
    return inquiry;
  }
}
