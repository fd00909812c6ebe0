import { ApprovalsFacade } from '@app/approvals';
import { InquiriesFacade, referenceOf } from '@app/inquiries';
import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { APPROVAL_SUBJECT } from './response-approval.js';
import { ResponseRecords, type Seen } from './response-records.js';
import { ResponseRevision } from './response-revision.entity.js';
import { Response } from './response.entity.js';
import { CorrectsNothing } from './response.errors.js';
import { ResponsePermissions } from './response.policy.js';

export type NewResponse = { readonly inquiryId: string; readonly message: string; readonly corrects?: string };

/** Writing a response up to its submission, and giving it up. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly records: ResponseRecords,
    private readonly inquiries: InquiriesFacade,
    private readonly approvals: ApprovalsFacade,
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

  /** A draft is submitted by those who may still change it: when it is finished is not a reader's to say. */
  submit(id: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.update, async (response, now, by) => {
      response.submit(by, now);
      const inquiry = await this.inquiries.card(response.inquiryId);
      await this.approvals.request({
        subjectKind: APPROVAL_SUBJECT,
        subjectId: id,
        revision: response.revision,
        contentHash: response.contentHash,
        title: inquiry ? `${referenceOf(inquiry.number)} ${inquiry.subject}` : id,
        teamId: inquiry?.teamId ?? null,
        dueAt: inquiry?.dueAt ?? null,
        excluded: response.writers,
      });
    });
  }

  recall(id: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.read, async (response, now, by) => {
      response.recall(by, now);
      await this.approvals.recall({ subjectKind: APPROVAL_SUBJECT, subjectId: id });
    });
  }

  discard(id: string, seen: Seen): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.update, (response, now, by) => response.discard(by, now));
  }

  /** What waits for approval is as urgent as its inquiry is now, and whose the inquiry is now. */
  async followInquiry(inquiryId: string): Promise<void> {
    const inquiry = await this.inquiries.card(inquiryId);
    if (!inquiry) return;
    const waiting = await this.db.query<{ id: string }>(
      `select id from responses where tenant_id = $1 and inquiry_id = $2 and status = 'pending_approval' order by id`,
      [currentTenantId(), inquiryId],
    );
    for (const { id: subjectId } of waiting) {
      await this.approvals.follow({ subjectKind: APPROVAL_SUBJECT, subjectId }, inquiry);
    }
  }

  private async assertCorrectable(id: string, inquiryId: string): Promise<void> {
    const corrected = await this.db.find(Response, id);
    if (corrected?.status !== 'sent' || corrected.inquiryId !== inquiryId.toLowerCase()) throw new CorrectsNothing(id);
  }
}
