import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database, onConstraint, Ports, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalDecision } from './approval-decision.entity.js';
import { ApprovalRequest, type ApprovalWish, type Standing } from './approval-request.entity.js';
import { ApprovalSubjectPort } from './approval-subject.port.js';
import { ApprovalOpenings } from './approval-openings.js';
import {
  AlreadyRequested,
  NothingToDecide,
  RevisionRequired,
  RevisionStale,
  SubjectUnknown,
} from './approval.errors.js';
import { ApprovalPermissions, type Decision, isWithinReach } from './approval.policy.js';
import { assertMayDecideAtAll, Deciders } from './deciders.js';

export type Subject = { readonly subjectKind: string; readonly subjectId: string };
export type DecisionOn = Subject & {
  readonly revision: number | undefined;
  readonly contentHash: string;
  readonly decision: Decision;
  readonly notes?: string | null;
};

// The pending one, of which there is one at most; else the last that was asked for.
const LATEST = `select r.id from approval_requests r where r.tenant_id = $1 and r.subject_kind = $2 and r.subject_id = $3
  order by (r.status = 'pending') desc, r.created_at desc, r.id desc limit 1`;

@Injectable()
export class ApprovalsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ports: Ports,
    private readonly openings: ApprovalOpenings,
    private readonly deciders: Deciders,
  ) {}

  /** A later revision supersedes the one that is asked for. @throws AlreadyRequested for the same revision again */
  request(wish: ApprovalWish): Promise<ApprovalRequest> {
    const taken = new AlreadyRequested(wish.subjectKind, wish.subjectId);
    return this.db.transaction(async () => {
      const pending = await this.pendingOf(wish);
      if (pending?.isOf(wish)) throw taken;
      const request = await this.openings.open(wish, this.clock.now());
      if (pending) await this.db.change(ApprovalRequest, pending.id, undefined, (former) => former.supersede());
      await this.db.create(request).catch(onConstraint('approval_requests_one_pending', () => taken));
      await this.openings.begin(request);
      return request;
    });
  }

  /** @throws NothingToDecide, AlreadyDecided, InvalidTransition */
  async recall(subject: Subject): Promise<ApprovalRequest> {
    return this.db.change(ApprovalRequest, await this.latestOf(subject), undefined, (request) => request.recall());
  }

  /**
   * Exactly one result holds, however many decide at once: the row is held, so that each sees what those before it did.
   * @throws NothingToDecide, DecisionDenied, OutOfReach, SelfApproval, NotCalledUpon, RevisionRequired, RevisionStale,
   * AlreadyDecided, VoiceGiven, NotesRequired
   */
  decide({ decision, notes = null, revision, contentHash, ...subject }: DecisionOn): Promise<ApprovalRequest> {
    const actor = currentActor();
    return this.db.transaction(async () => {
      const request = await this.db.lock(ApprovalRequest, await this.latestOf(subject));
      const now = this.clock.now();
      const decider = { id: actor.id, onBehalfOf: await this.deciders.placeIn(request, actor, now) };
      const { stage } = request;
      const voice = request.decide(decision, { revision, contentHash }, decider, notes, now);
      await this.db.save(request);
      const made = await this.db.create(ApprovalDecision.of(request, decision, actor.id, now, voice));
      if (made.isSelfApproval) await this.flag(request);
      if (request.stage !== stage) await this.openings.begin(request);
      return request;
    });
  }

  /** Nothing where nothing waits. */
  async follow(subject: Subject, standing: Standing): Promise<void> {
    await this.db.transaction(async () => {
      const pending = await this.pendingOf(subject);
      if (!pending) return;
      const request = await this.db.lock(ApprovalRequest, pending.id);
      const { teamId } = request;
      request.follow(standing);
      await this.db.save(request);
      if (request.teamId !== teamId) await this.openings.begin(request);
    });
  }

  /** Hands the decision to the subject, whose own verb makes it: both change in one transaction. */
  async decideOn(id: string, decision: Decision, revision: number | undefined, notes: string | null): Promise<void> {
    const actor = currentActor();
    const request = await this.db.find(ApprovalRequest, id);
    if (!request || !isWithinReach(actor, ApprovalPermissions.read, request)) {
      throw new RecordNotFound('approval request', id);
    }
    assertMayDecideAtAll(actor);
    if (revision === undefined) throw new RevisionRequired();
    if (revision !== request.revision) throw new RevisionStale(revision, request.revision);
    request.assertOpen(decision);
    const { subjectId, subjectKind } = request;
    const subject = this.ports.all(ApprovalSubjectPort).find((one) => one.subjectKind === subjectKind);
    if (!subject) throw new SubjectUnknown(subjectKind);
    await this.db.transaction(() => subject.decide({ subjectId, revision, decision, notes }));
  }

  async pendingOf({ subjectKind, subjectId }: Subject): Promise<ApprovalRequest | undefined> {
    const [found] = await this.db.findWhere(
      ApprovalRequest,
      "tenant_id = $1 and subject_kind = $2 and subject_id = $3 and status = 'pending'",
      [currentTenantId(), subjectKind, subjectId],
    );
    return found;
  }

  /** The request that waits, else the last one. @throws NothingToDecide */
  async latestOf({ subjectKind, subjectId }: Subject): Promise<string> {
    const found = await this.db.one<{ id: string }>(LATEST, [currentTenantId(), subjectKind, subjectId]);
    if (!found) throw new NothingToDecide(subjectKind, subjectId);
    return found.id;
  }

  private flag({ id, subjectKind, subjectId, revision }: ApprovalRequest): Promise<void> {
    return this.db.audit('approval_requests', id, 'self_approved', { after: { subjectKind, subjectId, revision } });
  }
}
