import { InquiryDueChanged, InquiryMerged, InquiryMovedToTeam, InquiryUnmerged } from '@app/inquiries/events';
import type { PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ResponsesService } from './responses.service.js';

/** Keeps what waits for approval in step with its inquiry. */
@Injectable()
export class ResponseApprovalsWorker {
  constructor(private readonly responses: ResponsesService) {}

  @On(InquiryDueChanged)
  followDeadline({ inquiryId }: PayloadOf<typeof InquiryDueChanged>): Promise<void> {
    return this.responses.followInquiry(inquiryId);
  }

  @On(InquiryMovedToTeam)
  followTeam({ inquiryId }: PayloadOf<typeof InquiryMovedToTeam>): Promise<void> {
    return this.responses.followInquiry(inquiryId);
  }

  @On(InquiryMerged)
  followMerge({ inquiryId }: PayloadOf<typeof InquiryMerged>): Promise<void> {
    return this.responses.followInquiry(inquiryId);
  }

  @On(InquiryUnmerged)
  followParting({ inquiryId }: PayloadOf<typeof InquiryUnmerged>): Promise<void> {
    return this.responses.followInquiry(inquiryId);
  }
}
