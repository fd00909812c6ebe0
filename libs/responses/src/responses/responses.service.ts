import { Clock } from '@app/kernel';
import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DraftRules, type NewResponse } from './draft-rules.js';
import { ResponseRecords, type Seen } from './response-records.js';
import { ResponseRevision } from './response-revision.entity.js';
import { Response } from './response.entity.js';
import { ResponsePermissions } from './response.policy.js';
import { SubmissionsService } from './submissions.service.js';

/** Writing a response up to its submission, and giving it up. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly records: ResponseRecords,
    private readonly rules: DraftRules,
    private readonly submissions: SubmissionsService,
  ) {}

  /**
   * `macroId`: the canned answer it began with, which it keeps while it says just that.
   * @throws RecordNotFound, OutOfReach, InquiryIsMerged, InquiryNotAnswerable, CorrectsNothing
   */
  draft(given: NewResponse, now = this.clock.now()): Promise<Response> {
    const { inquiryId, message, corrects } = given;
    const actor = currentActor();
    return this.db.transaction(async () => {
      const customerId = await this.rules.customerFor(given);
      const origin = { corrects: corrects ?? null, macroId: await this.rules.macroOf(given) };
      const draft = { inquiryId, customerId, message, ...origin };
      const response = await this.records.create(Response.draft(draft, actor.id, now));
      await this.db.create(ResponseRevision.of(response, actor.id, now));
      return response;
    });
  }

  edit(id: string, message: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.update, async (response, now, by) => {
      const before = response.revision;
      this.rules.assertQuotable(message);
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
}
