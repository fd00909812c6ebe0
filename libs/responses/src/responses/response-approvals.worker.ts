import { ApprovalEscalated, ApprovalRerouted } from '@app/approvals/events';
import { InquiryDueChanged, InquiryMerged, InquiryMovedToTeam, InquiryUnmerged } from '@app/inquiries/events';
import type { PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { APPROVAL_SUBJECT } from './response-approval.js';
import { ResponseRecords } from './response-records.js';
import { ResponsesService } from './responses.service.js';

/** Keeps what waits for approval in step with its inquiry, and tells in its history for whom it waits since. */
@Injectable()
export class ResponseApprovalsWorker {
  constructor(
    private readonly responses: ResponsesService,
    private readonly records: ResponseRecords,
  ) {}

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

  @On(ApprovalEscalated)
  async tellEscalated(told: PayloadOf<typeof ApprovalEscalated>): Promise<void> {
    const to = [...told.toUsers, ...told.toRoles, ...(told.toScope ? [told.toScope] : [])].join(' ');
    await this.tell(told, 'escalated', `${told.because}: ${to}`);
  }

  @On(ApprovalRerouted)
  async tellRerouted(told: PayloadOf<typeof ApprovalRerouted>): Promise<void> {
    await this.tell(told, 'rerouted', `${told.from}: ${told.to ?? 'team'}`);
  }

  private async tell(
    { subjectKind, subjectId, revision }: { subjectKind: string; subjectId: string; revision: number },
    kind: 'escalated' | 'rerouted',
    to: string,
  ): Promise<void> {
    if (subjectKind !== APPROVAL_SUBJECT) return;
    await this.records.follow(subjectId, (response, now, by) => {
      if (response.revision === revision) response.tellRouted(kind, to, by, now);
    });
  }
}
