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

export type NewResponse = {
  readonly inquiryId: string;
  readonly message: string;
  readonly corrects?: string;
  readonly macroId?: string;
};

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

  /**
   * `macroId`: the canned answer it began with, which it keeps while it says just that.
   * @throws RecordNotFound, OutOfReach, InquiryIsMerged, InquiryNotAnswerable, CorrectsNothing
   */
  draft(given: NewResponse, now = this.clock.now()): Promise<Response> {
    const { inquiryId, message, corrects, macroId } = given;
    const actor = currentActor();
    return this.db.transaction(async () => {
      await this.inquiries.assertAnswerable(actor, inquiryId);
      const inquiry = await this.inquiries.card(inquiryId);
      if (!inquiry) throw new RecordNotFound('inquiry', inquiryId);
      if (corrects) await this.assertCorrectable(corrects, inquiryId);
      const origin = { corrects: corrects ?? null, macroId: macroId ? await this.asMacro(macroId, given) : null };
      const draft = { inquiryId, customerId: inquiry.customerId, message, ...origin };
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

  /** Word for word, and by another hand: whoever writes a macro cannot write past a policy that lets macros go out. */
  private async asMacro(id: string, { inquiryId, message }: NewResponse): Promise<string | null> {
    const { text, writers } = await this.inquiries.fillMacro(id, inquiryId);
    return text === message && !writers.includes(currentActor().id) ? id : null;
  }

  private async assertCorrectable(id: string, inquiryId: string): Promise<void> {
    const corrected = await this.db.find(Response, id);
    if (corrected?.status !== 'sent' || corrected.inquiryId !== inquiryId.toLowerCase()) throw new CorrectsNothing(id);
  }
}
