import { ApprovalsFacade } from '@app/approvals';
import { Injectable } from '@nestjs/common';
import { SendingService } from '../sending/sending.service.js';
import { ResponseSettingsService } from '../settings/response-settings.service.js';
import { APPROVAL_SUBJECT } from './response-approval.js';
import { ResponseFacts } from './response-facts.js';
import { ResponseRecords, type Seen } from './response-records.js';
import type { Response } from './response.entity.js';
import { ResponsePermissions } from './response.policy.js';

/** Asking for approval, and taking that back. */
@Injectable()
export class SubmissionsService {
  constructor(
    private readonly records: ResponseRecords,
    private readonly approvals: ApprovalsFacade,
    private readonly facts: ResponseFacts,
    private readonly sending: SendingService,
    private readonly settings: ResponseSettingsService,
  ) {}

  /**
   * A draft is submitted by those who may still change it: when it is finished is not a reader's to say. Where a rule of
   * the policy asks for nobody's approval it goes out as an approved one does, and says so.
   */
  submit(id: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.update, async (response, now, by) => {
      response.openForSubmission();
      const petition = await this.facts.petitionFor(response, by, now);
      const { revision, contentHash, writers: excluded } = response;
      const subject = { subjectKind: APPROVAL_SUBJECT, subjectId: id, revision, contentHash };
      const asked = await this.approvals.request({ ...subject, ...petition, excluded });
      if (asked.status !== 'waived') return response.submit(by, now);
      const known = await this.sending.knownOf(response);
      const sendAt = await this.settings.sendingTime(now);
      response.waive(asked.rule ?? '', known, sendAt, by, now);
      await this.sending.plan(response);
    });
  }

  recall(id: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.read, async (response, now, by) => {
      response.recall(by, now);
      await this.approvals.recall({ subjectKind: APPROVAL_SUBJECT, subjectId: id });
    });
  }

  /** What waits for approval is as urgent as its inquiry is now, and whose the inquiry is now. */
  async followInquiry(inquiryId: string): Promise<void> {
    const { ids, standing } = await this.facts.waitingOn(inquiryId);
    for (const subjectId of ids) await this.approvals.follow({ subjectKind: APPROVAL_SUBJECT, subjectId }, standing);
  }
}
