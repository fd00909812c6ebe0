import { InquiriesFacade } from '@app/inquiries';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { StaleFact } from '../responses/fact-quotes.js';
import { QuotedFacts } from '../responses/quoted-facts.js';
import type { Response } from '../responses/response.entity.js';
import type { Known } from '../responses/response.policy.js';

/** What is so at the moment of sending. */
@Injectable()
export class SendingGuard {
  constructor(
    private readonly db: Database,
    private readonly inquiries: InquiriesFacade,
    private readonly quotes: QuotedFacts,
  ) {}

  /**
   * Of two answers to one inquiry that go out at once, also where one is to what was merged into it, the second waits here
   * until the first is committed, and then sees it.
   */
  async queueUp(inquiryId: string): Promise<void> {
    const [home = inquiryId] = await this.inquiries.conversationOf(inquiryId);
    await this.db.query(
      "select pg_advisory_xact_lock(hashtextextended('responses of ' || $1::text || ' ' || $2::text, 0))",
      [currentTenantId(), home],
    );
  }

  /** What is known of the inquiry at this moment. */
  async knownOf({ id, inquiryId }: Response): Promise<Known> {
    const customerMessages = await this.inquiries.customerMessagesIn(inquiryId);
    const conversation = await this.inquiries.conversationOf(inquiryId);
    const others = await this.db.query<{ id: string }>(
      `select id from responses where tenant_id = $1 and inquiry_id = any ($2::uuid[]) and id <> $3 and status in ('sending', 'sent') order by id`,
      [currentTenantId(), conversation, id],
    );
    return { conversation, customerMessages, answers: others.map((other) => other.id) };
  }

  /** Whether the inquiry was marked as spam, or went into the trash. */
  isWithdrawn({ inquiryId }: Response): Promise<boolean> {
    return this.inquiries.isWithdrawn(inquiryId);
  }

  /** What the text says and is not so any more; what is so stays so until the open transaction ends. */
  staleIn(response: Response): Promise<StaleFact[]> {
    return this.quotes.staleIn(response);
  }
}
