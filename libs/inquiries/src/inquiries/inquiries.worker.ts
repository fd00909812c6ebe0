import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CloseResolved } from './inquiries.jobs.js';
import { InquiryStatusService } from './inquiry-status.service.js';

@Injectable()
export class InquiriesWorker {
  constructor(private readonly statuses: InquiryStatusService) {}

  @Handles(CloseResolved)
  closeResolved({ inquiryId, due }: { inquiryId: string; due: string }): Promise<void> {
    return this.statuses.closeWhenDue(inquiryId, new Date(due));
  }
}
