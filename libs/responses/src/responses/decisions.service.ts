import {
  type ApprovalCard,
  ApprovalPermissions,
  ApprovalsFacade,
  type ApprovalSubject,
  ApprovalSubjectPort,
  DecisionDenied,
  SelfApproval,
  type SubjectDecision,
} from '@app/approvals';
import { currentActor, Database, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SendingService } from '../sending/sending.service.js';
import { ResponseSettingsService } from '../settings/response-settings.service.js';
import { APPROVAL_SUBJECT } from './response-approval.js';
import { RESPONSE_FACTS } from './response-facts.js';
import { ResponseRecords, type Seen } from './response-records.js';
import { Response } from './response.entity.js';
import { contentHash } from './response.policy.js';

/** The decision is approvals' to take and the change is the response's own: both commit together or not at all. */
@Injectable()
@Provides(ApprovalSubjectPort)
export class DecisionsService implements ApprovalSubject {
  readonly subjectKind = APPROVAL_SUBJECT;
  readonly facts = RESPONSE_FACTS;

  constructor(
    private readonly db: Database,
    private readonly records: ResponseRecords,
    private readonly approvals: ApprovalsFacade,
    private readonly sending: SendingService,
    private readonly settings: ResponseSettingsService,
  ) {}

  async approve(id: string, seen: Seen, notes: string | null): Promise<Response> {
    await this.assertMayDecide(id);
    return this.records.changeSeen(id, seen, ApprovalPermissions.decide, async (response, now, by) => {
      const made = await this.settle(response, 'approved', notes);
      if (made.status === 'pending') return; // others have to approve it as well
      const known = await this.sending.knownOf(response);
      const sendAt = await this.settings.sendingTime(now);
      response.approve(by, made.notes, known, sendAt, now);
      await this.sending.plan(response);
    });
  }

  async reject(id: string, seen: Seen, notes: string): Promise<Response> {
    await this.assertMayDecide(id);
    return this.records.changeSeen(id, seen, ApprovalPermissions.decide, async (response, now, by) => {
      const made = await this.settle(response, 'rejected', notes);
      response.reject(by, made.notes ?? notes, now);
    });
  }

  /** What waits for who acts is another person's to decide from now on. */
  async delegate(id: string, seen: Seen, toUserId: string): Promise<Response> {
    await this.assertMayDecide(id);
    await this.approvals.assertPerson(toUserId);
    return this.records.changeSeen(id, seen, ApprovalPermissions.decide, async (response, now, by) => {
      response.assertDecidable('approved');
      const { id: subjectId, revision } = response;
      const subject = { subjectKind: APPROVAL_SUBJECT, subjectId, revision, contentHash: contentHash(response) };
      await this.approvals.handOver({ ...subject, toUserId });
      response.tellRouted('delegated', toUserId, by, now);
    });
  }

  /** By way of the approval request, whatever its subject. */
  decide({ subjectId, revision, decision, notes }: SubjectDecision): Promise<Response> {
    return decision === 'approved'
      ? this.approve(subjectId, { revision }, notes)
      : this.reject(subjectId, { revision }, notes ?? '');
  }

  /** Whoever had a hand in the text is told that, since no permission would help them. */
  private async assertMayDecide(id: string): Promise<void> {
    const actor = currentActor();
    const { decide } = ApprovalPermissions;
    if (actor.can(decide)) return;
    const response = await this.db.find(Response, id);
    throw response?.writers.includes(actor.id) ? new SelfApproval(id) : new DecisionDenied(decide);
  }

  /** The hash is taken of the text as it stands now, so that a change behind the verbs' back is not approved either. */
  private settle(response: Response, decision: 'approved' | 'rejected', notes: string | null): Promise<ApprovalCard> {
    response.assertDecidable(decision);
    const { id: subjectId, revision } = response;
    const content = contentHash(response);
    return this.approvals.decide({
      subjectKind: APPROVAL_SUBJECT,
      subjectId,
      revision,
      contentHash: content,
      decision,
      notes,
    });
  }
}
