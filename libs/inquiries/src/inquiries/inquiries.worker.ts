import { UserDeactivated } from '@app/auth/events';
import type { PayloadOf } from '@app/kernel';
import { Handles, Jobs, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AssignmentService } from './assignment.service.js';
import { CloseResolved, ReleaseInquiriesOf, WakeSnoozed } from './inquiries.jobs.js';
import { InquiryStatusService } from './inquiry-status.service.js';

@Injectable()
export class InquiriesWorker {
  constructor(
    private readonly statuses: InquiryStatusService,
    private readonly assignment: AssignmentService,
    private readonly jobs: Jobs,
  ) {}

  @Handles(CloseResolved)
  closeResolved({ inquiryId, due }: PayloadOf<typeof CloseResolved>): Promise<void> {
    return this.statuses.closeWhenDue(inquiryId, new Date(due));
  }

  @Handles(WakeSnoozed)
  wakeSnoozed({ inquiryId, due }: PayloadOf<typeof WakeSnoozed>): Promise<void> {
    return this.statuses.wakeWhenDue(inquiryId, new Date(due));
  }

  @On(UserDeactivated)
  followLeaver({ userId }: PayloadOf<typeof UserDeactivated>): Promise<void> {
    return this.jobs.enqueue(ReleaseInquiriesOf, { userId });
  }

  @Handles(ReleaseInquiriesOf)
  async releaseInquiriesOf({ userId }: PayloadOf<typeof ReleaseInquiriesOf>): Promise<void> {
    const isAll = await this.assignment.releaseSome(userId);
    if (!isAll) await this.jobs.enqueue(ReleaseInquiriesOf, { userId });
  }
}
