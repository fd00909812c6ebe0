import { InquiriesFacade } from '@app/inquiries';
import { Clock } from '@app/kernel';
import { currentActor, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ResponseRecords, type Seen } from './response-records.js';
import { ResponseRevision } from './response-revision.entity.js';
import { Response } from './response.entity.js';
import { CorrectsNothing } from './response.errors.js';
import { ResponsePermissions } from './response.policy.js';
import { SubmissionsService } from './submissions.service.js';

export type NewResponse = { readonly inquiryId: string; readonly message: string; readonly corrects?: string };

/** Writing a response up to its submission, and giving it up. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly records: ResponseRecords,
    private readonly inquiries: InquiriesFacade,
    private readonly submissions: SubmissionsService,
  ) {}

  draft({ inquiryId, message, corrects }: NewResponse, now = this.clock.now()): Promise<Response> {
    const actor = currentActor();
    return this.db.transaction(async () => {
      await this.inquiries.assertAnswerable(actor, inquiryId);
      const inquiry = await this.inquiries.card(inquiryId);
      if (!inquiry) throw new RecordNotFound('inquiry', inquiryId);
      if (corrects) await this.assertCorrectable(corrects, inquiryId);
      const draft = { inquiryId, customerId: inquiry.customerId, message, corrects: corrects ?? null };
      const response = await this.records.create(Response.draft(draft, actor.id, now));
      await this.db.create(ResponseRevision.of(response, actor.id, now));
      return response;
    });
  }

  edit(id: string, message: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.update, async (response, now, by) => {
      const before = response.revision;
      response.edit(message, by, now);
      if (response.revision !== before) await this.db.create(ResponseRevision.of(response, by, now));
    });
  }

  submit(id: string, seen: Seen): Promise<Response> {
    return this.submissions.submit(id, seen);
  }

  recall(id: string, seen: Seen): Promise<Response> {
    return this.submissions.recall(id, seen);
  }

  followInquiry(inquiryId: string): Promise<void> {
    return this.submissions.followInquiry(inquiryId);
  }

  discard(id: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.update, (response, now, by) => response.discard(by, now));
  }

  private async assertCorrectable(id: string, inquiryId: string): Promise<void> {
    const corrected = await this.db.find(Response, id);
    if (corrected?.status !== 'sent' || corrected.inquiryId !== inquiryId.toLowerCase()) throw new CorrectsNothing(id);
  }
}
