import { InquiriesFacade } from '@app/inquiries';
import { currentActor, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { QuotedFacts } from './quoted-facts.js';
import { Response } from './response.entity.js';
import { CorrectsNothing } from './response.errors.js';

export type NewResponse = { readonly inquiryId: string; readonly message: string; readonly corrects?: string };

/** What may be drafted. */
@Injectable()
export class DraftRules {
  constructor(
    private readonly db: Database,
    private readonly inquiries: InquiriesFacade,
    private readonly quotes: QuotedFacts,
  ) {}

  /** Whose customer it would go to. @throws RecordNotFound, OutOfReach, InquiryNotAnswerable, CorrectsNothing, FactsUnknown */
  async customerFor({ inquiryId, message, corrects }: NewResponse): Promise<string> {
    await this.inquiries.assertAnswerable(currentActor(), inquiryId);
    const inquiry = await this.inquiries.card(inquiryId);
    if (!inquiry) throw new RecordNotFound('inquiry', inquiryId);
    if (corrects) await this.assertCorrectable(corrects, inquiryId);
    this.assertQuotable(message);
    return inquiry.customerId;
  }

  /** @throws FactsUnknown */
  assertQuotable(message: string): void {
    this.quotes.assertKnown(message);
  }

  private async assertCorrectable(id: string, inquiryId: string): Promise<void> {
    const corrected = await this.db.find(Response, id);
    if (corrected?.status !== 'sent' || corrected.inquiryId !== inquiryId.toLowerCase()) throw new CorrectsNothing(id);
  }
}
