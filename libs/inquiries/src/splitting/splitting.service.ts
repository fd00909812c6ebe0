import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryMessage } from '../conversation/inquiry-message.entity.js';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { MessageAlreadySplit, MessageHidden, NotOfTheCustomer } from '../inquiries/inquiry.errors.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { Openings } from '../inquiries/openings.service.js';
import { conversationOf } from '../merging/inquiry-homes.js';

const LONGEST_SUBJECT = 300;

/** More people may read the message than what the inquiry began with. */
const subjectForAll = ({ subject, visibility }: Inquiry): string => (visibility === 'all' ? subject : 'No subject');

/** Of one inquiry two, where a customer's message speaks of another matter. */
@Injectable()
export class SplittingService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: InquiryReach,
    private readonly openings: Openings,
  ) {}

  /**
   * What was written stays where it was; the new inquiry begins with the same words, writer and files, in the same team,
   * and its promises from now on. @throws RecordNotFound, OutOfReach, MessageHidden, NotOfTheCustomer, MessageAlreadySplit, InquiryIsMerged
   */
  async split(id: string, messageId: string, subject?: string): Promise<Inquiry> {
    await this.reach.assert(id, InquiryPermissions.update);
    return this.db
      .transaction(async () => {
        const from = await this.db.lock(Inquiry, id);
        if (from.deletedAt) throw new RecordNotFound('inquiry', id);
        const message = await this.messageOf(id, messageId);
        if (!(await this.reach.isShown(messageId))) throw new MessageHidden();
        if (message.direction !== 'in' || message.isAutomatic) throw new NotOfTheCustomer(messageId);
        const made = await this.begin(from, message, subject);
        from.splitOff(messageId, made.id);
        await this.db.save(from);
        return made;
      })
      .catch(onConstraint('inquiries_split_once', () => new MessageAlreadySplit(messageId)));
  }

  private async begin(from: Inquiry, message: InquiryMessage, subject: string | undefined): Promise<Inquiry> {
    const { priority, category, channel, teamId } = from;
    // of what was merged, the message may be another customer's
    const { customerId, isCustomerBlocked } = await this.db.get(Inquiry, message.inquiryId);
    const { authorName, authorAddress, messageId, refs, html, attachments, body, at } = message;
    return this.openings.open(
      {
        ...{ customerId, priority, category, channel, teamId, isCustomerBlocked, message: body },
        subject: subject ?? (message.subject?.trim().slice(0, LONGEST_SUBJECT).toWellFormed() || subjectForAll(from)),
        createdBy: currentActor().id,
        split: { from: from.id, messageId: message.id },
      },
      { authorName, authorAddress, messageId, refs, html, attachments, subject: message.subject, at },
      this.clock.now(),
    );
  }

  private async messageOf(id: string, messageId: string): Promise<InquiryMessage> {
    const [message] = await this.db.findWhere(
      InquiryMessage,
      `tenant_id = $1 and id = $3 and inquiry_id in ${conversationOf('$2')}`,
      [currentTenantId(), id, messageId],
    );
    if (!message) throw new RecordNotFound('message', messageId);
    return message;
  }
}
