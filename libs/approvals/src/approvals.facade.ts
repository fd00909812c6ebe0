import { Injectable } from '@nestjs/common';
import type { ApprovalRequest, ApprovalWish, Standing } from './requests/approval-request.entity.js';
import type { ApprovalStatus } from './requests/approval.policy.js';
import { type ApprovalRound, ApprovalsQueries } from './requests/approvals.queries.js';
import { ApproverRoll } from './requests/approver-roll.js';
import { HandingOver } from './requests/handing-over.js';
import { ApprovalsService, type DecisionOn, type Subject } from './requests/approvals.service.js';

export type ApprovalCard = {
  readonly id: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly revision: number;
  readonly contentHash: string;
  /** `waived`: the policy asks for nobody's approval, and the subject may go ahead. */
  readonly status: ApprovalStatus;
  /** Of the policy it was asked for under; null where none matched. */
  readonly rule: string | null;
  readonly stage: number;
  readonly teamId: string | null;
  readonly dueAt: Date | null;
  readonly requestedBy: string;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly notes: string | null;
};

export type HandOver = Omit<DecisionOn, 'decision' | 'notes'> & { readonly toUserId: string };

/** What other contexts ask of approvals. Each call joins the transaction that is open: subject and request change together. */
@Injectable()
export class ApprovalsFacade {
  constructor(
    private readonly approvals: ApprovalsService,
    private readonly queries: ApprovalsQueries,
    private readonly handingOver: HandingOver,
    private readonly roll: ApproverRoll,
  ) {}

  /**
   * Asks for a decision on one revision, in the name of who acts, who is thereby excluded from deciding. A pending request
   * for another revision is superseded. Who has to agree is the policy's to say, by the facts of the wish: the answer is
   * `pending`, or `waived` where a rule lets it go ahead.
   * @throws AlreadyRequested
   */
  request(wish: ApprovalWish): Promise<ApprovalCard> {
    return this.approvals.request(wish).then(toCard);
  }

  /** Who may recall is the subject's to say. @throws NothingToDecide, AlreadyDecided, InvalidTransition */
  recall(subject: Subject): Promise<ApprovalCard> {
    return this.approvals.recall(subject).then(toCard);
  }

  /**
   * Decides in the name of who acts; exactly one result holds. `pending`: others have to agree as well.
   * @throws NothingToDecide 404, DecisionDenied, OutOfReach, SelfApproval and NotCalledUpon 403, RevisionRequired 428,
   * RevisionStale, AlreadyDecided and VoiceGiven 409, NotesRequired 400
   */
  decide(decision: DecisionOn): Promise<ApprovalCard> {
    return this.approvals.decide(decision).then(toCard);
  }

  /** That there is such a person, and that they may come in. @throws ApproverUnknown */
  assertPerson(userId: string): Promise<void> {
    return this.roll.assertKnown([{ kind: 'users', ids: [userId] }]);
  }

  /**
   * Passes what waits for who acts on to another person, who is told by mail.
   * @throws NothingToDecide, and what `decide` throws; ApproverUnknown, DelegateExcluded
   */
  async handOver({ toUserId, revision, contentHash, ...subject }: HandOver): Promise<ApprovalCard> {
    const id = await this.approvals.latestOf(subject);
    return toCard(await this.handingOver.handOver(id, toUserId, { revision, contentHash }));
  }

  /** The subject belongs to another team or is due at another time: what waits moves in the queue. */
  follow(subject: Subject, standing: Standing): Promise<void> {
    return this.approvals.follow(subject, standing);
  }

  async pendingOf(subjectKind: string, subjectId: string): Promise<ApprovalCard | undefined> {
    const found = await this.approvals.pendingOf({ subjectKind, subjectId });
    return found && toCard(found);
  }

  /** Every round, first to last, with its decisions; who may see them is the subject's to say. */
  historyOf(subjectKind: string, subjectId: string): Promise<ApprovalRound[]> {
    return this.queries.roundsOf(subjectKind, subjectId);
  }
}

const toCard = (request: ApprovalRequest): ApprovalCard => ({
  id: request.id,
  subjectKind: request.subjectKind,
  subjectId: request.subjectId,
  revision: request.revision,
  contentHash: request.contentHash,
  status: request.status,
  rule: request.policy?.rule ?? null,
  stage: request.stage,
  teamId: request.teamId,
  dueAt: request.dueAt,
  requestedBy: request.requestedBy,
  decidedBy: request.decidedBy,
  decidedAt: request.decidedAt,
  notes: request.notes,
});
