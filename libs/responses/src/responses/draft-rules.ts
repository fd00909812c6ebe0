import { InquiriesFacade } from '@app/inquiries';
import { currentActor, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { QuotedFacts } from './quoted-facts.js';
import { Response } from './response.entity.js';
import { CorrectsNothing } from './response.errors.js';

export type NewResponse = {
  readonly inquiryId: string;
  readonly message: string;
  readonly corrects?: string;
  readonly macroId?: string;
};

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

  /**
   * The canned answer that this is: word for word, and by another hand, since whoever writes a macro cannot write past a
   * policy that lets macros go out.
   * @throws RecordNotFound
   */
  async macroOf({ inquiryId, message, macroId }: NewResponse): Promise<string | null> {
    if (!macroId) return null;
    const { text, writers } = await this.inquiries.fillMacro(macroId, inquiryId);
    return text === message && !writers.includes(currentActor().id) ? macroId : null;
  }

  private async assertCorrectable(id: string, inquiryId: string): Promise<void> {
    const corrected = await this.db.find(Response, id);
    const conversation = await this.inquiries.conversationOf(inquiryId);
    if (corrected?.status !== 'sent' || !conversation.includes(corrected.inquiryId)) throw new CorrectsNothing(id);
  }
}
