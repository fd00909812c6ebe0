import { InquiriesFacade } from '@app/inquiries';
import type { About } from '@app/messaging/events';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ResponseRecords } from '../responses/response-records.js';
import { ResponseRevision } from '../responses/response-revision.entity.js';
import type { Response } from '../responses/response.entity.js';
import { answerSubject } from './answer-mail.js';

/** What became of a mail, as messaging tells it. */
@Injectable()
export class OutcomesService {
  constructor(
    private readonly db: Database,
    private readonly records: ResponseRecords,
    private readonly inquiries: InquiriesFacade,
  ) {}

  /**
   * Sent and answered in one commit. A message that was thought lost may turn out to have been sent after its text was
   * edited: the inquiry is told what the customer really got, and the response keeps its new draft.
   */
  sent({ id, revision = 0 }: About, messageId: string, sentAt: Date): Promise<void> {
    return this.records.follow(id, async (response, now, by) => {
      const isCurrent = response.revision === revision;
      if (isCurrent && response.status === 'sent') return;
      if (isCurrent) response.markSent(messageId, sentAt, by, now);
      await this.tellInquiry(response, revision, messageId, sentAt);
    });
  }

  failed({ id, revision }: About, reason: string): Promise<void> {
    return this.records.follow(id, (response, now, by) => {
      if (response.revision === revision && response.status === 'sending') response.markFailed(reason, by, now);
    });
  }

  unknown({ id, revision }: About, reason: string): Promise<void> {
    return this.records.follow(id, (response, now, by) => {
      if (response.revision === revision) response.markUnknown(reason, by, now);
    });
  }

  private async tellInquiry(response: Response, revision: number, messageId: string, at: Date): Promise<void> {
    const { id: responseId, inquiryId, respondedBy: authorId } = response;
    const thread = await this.inquiries.threadOf(inquiryId);
    const body = await this.textOf(responseId, revision);
    await this.inquiries.answered(inquiryId, {
      responseId,
      messageId,
      body,
      authorId,
      writers: await this.records.handsIn(responseId),
      at,
      subject: answerSubject(thread),
    });
  }

  private async textOf(responseId: string, revision: number): Promise<string> {
    const [found] = await this.db.findWhere(
      ResponseRevision,
      'tenant_id = app_tenant() and response_id = $1 and revision = $2',
      [responseId, revision],
    );
    if (!found) throw new Error(`Response ${responseId} has no revision ${revision}`);
    return found.message;
  }
}
