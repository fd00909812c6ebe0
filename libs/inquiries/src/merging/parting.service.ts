import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ConversationQueries } from '../conversation/conversation.queries.js';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';

/** What a merge that is taken back leaves of both. */
@Injectable()
export class Parting {
  constructor(
    private readonly db: Database,
    private readonly statuses: InquiryStatusService,
    private readonly conversations: ConversationQueries,
  ) {}

  /** @throws NotMerged, MergeIsFinal */
  async part(inquiry: Inquiry, now: Date): Promise<void> {
    const { id, mergedInto } = inquiry;
    inquiry.unmerge(now);
    await this.statuses.planTimers(inquiry);
    if (mergedInto) await this.db.audit('inquiries', mergedInto, 'parted', { after: { unmerged: id } });
  }

  /** The other one no longer waits for an answer to what went away with it. */
  async leave(inquiry: Inquiry): Promise<void> {
    if (inquiry.awaitsAnswerSince && !(await this.conversations.awaitsAnswer(inquiry.id))) inquiry.awaitNothing();
  }
}
