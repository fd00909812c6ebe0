import { Aggregate, newId } from '@app/kernel';
import type { Facts } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  ApprovalEscalated,
  ApprovalGranted,
  ApprovalHandedOver,
  ApprovalRecalled,
  ApprovalRejected,
  ApprovalReminded,
  ApprovalRequested,
  ApprovalRerouted,
  ApprovalStageReached,
  ApprovalSuperseded,
  ApprovalWaived,
} from '../events.js';
import { type AppliedPolicy, ONE_OTHER_PERSON } from '../policies/stage.js';
import {
  AlreadyDecided,
  DelegateExcluded,
  NotesRequired,
  RevisionRequired,
  RevisionStale,
  VoiceGiven,
} from './approval.errors.js';
import { type Relief, type Replacement, type Seats, seatsOf } from './seats.js';
import { APPROVALS, type ApprovalStatus, type Decision } from './approval.policy.js';

export type ApprovalWish = {
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly revision: number;
  /** Of what is to be approved: an approval of other content is void. */
  readonly contentHash: string;
  readonly title: string;
  readonly teamId: string | null;
  /** By when it is needed: the queue's order. */
  readonly dueAt: Date | null;
  /** Author and editors; whoever asks is always among them. */
  readonly excluded: readonly string[];
  /** What the policy is chosen by: the fields that the subject's port declares. */
  readonly facts?: Facts;
  /** What has the same one is a sample together, or not at all; the subject's id unless given. */
  readonly sampleKey?: string;
};

/** One decision as it was counted. */
export type Voice = { readonly stage: number; readonly notes: string | null; readonly onBehalfOf: string | null };

/** Who decides, and whose place that is, where it is not their own. */
export type Decider = { readonly id: string; readonly onBehalfOf?: string | null };

/** What may change of a subject while its revision waits. */
export type Standing = Pick<ApprovalWish, 'teamId' | 'dueAt'>;

/** What the one who decides has seen. */
export type Seen = { readonly revision: number | undefined; readonly contentHash?: string };

/** One round: one revision of one subject, asked for once, agreed to stage by stage, and decided at most once. */
@Entity('approval_requests')
export class ApprovalRequest extends Aggregate<ApprovalRequest> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly subjectKind: string;
  @Column('uuid') readonly subjectId: string;
  @Column('int') readonly revision: number;
  @Column('text') readonly contentHash: string;
  @Column('text') readonly title: string;
  @Column('uuid', { nullable: true }) readonly teamId: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly dueAt: Date | null;
  @Column('uuid') readonly requestedBy: string;
  @Column('uuid', { array: true }) readonly excluded: readonly string[];
  @Column('text') readonly status: ApprovalStatus;
  @Column('int') readonly stage: number;
  @Column('int') readonly stages: number;
  /** Of the stage it is at: how many must agree, how many of them are missing, and who they are. */
  @Column('int') readonly required: number;
  @Column('int') readonly missing: number;
  @Column('text') readonly approverKind: Seats['approverKind'];
  @Column('uuid', { array: true }) readonly approverIds: readonly string[];
  /** Who may decide beside them. */
  @Column('uuid', { array: true }) readonly reliefUsers: readonly string[];
  @Column('uuid', { array: true }) readonly reliefRoles: readonly string[];
  @Column('text', { nullable: true }) readonly reliefScope: Relief['scope'];
  @Column({ type: 'timestamptz', precision: 3 }) readonly stageSince: Date;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly remindedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly escalatedAt: Date | null;
  /** Whoever has decided in this round, at whichever stage. */
  @Column('uuid', { array: true }) readonly decided: readonly string[];
  /** Everybody whom its stages name, and whose place became whose since. */
  @Column('uuid', { array: true }) readonly named: readonly string[];
  @Column('jsonb') readonly replaced: readonly Replacement[];
  /** Frozen when it was asked for; null for what was asked for before policies were. */
  @Column('jsonb', { nullable: true }) readonly policy: AppliedPolicy | null;
  @Column('uuid', { nullable: true }) readonly decidedBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly decidedAt: Date | null;
  @Column('text', { nullable: true }) readonly notes: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** Where the policy has no stages, it is waived at once. */
  static ask(
    { excluded, facts: _, sampleKey: __, ...wish }: ApprovalWish,
    requestedBy: string,
    policy: AppliedPolicy,
    now: Date,
    id = newId(),
  ): ApprovalRequest {
    const involved = [...new Set([...excluded, requestedBy].map((one) => one.toLowerCase()))].sort();
    const { stages } = policy;
    const start = { status: APPROVALS.initial, policy, stages: Math.max(stages.length, 1), decided: [] };
    const named = stages.flatMap(({ approvers: { kind, ids } }) => (kind === 'users' ? ids : []));
    const request = new ApprovalRequest().change({ id, ...wish, requestedBy, excluded: involved, ...start });
    request.change({ named: [...new Set(named)].sort(), replaced: [] });
    request.enterStage(1, now);
    if (stages.length) request.tellRequested();
    else request.waive();
    return request;
  }

  /**
   * Counts one voice. The last that is missing at the last stage approves; one against it ends the round at any stage.
   * @throws RevisionRequired, RevisionStale, AlreadyDecided, VoiceGiven, NotesRequired, InvalidTransition
   */
  decide(decision: Decision, seen: Seen, by: string | Decider, notes: string | null, now: Date): Voice {
    const { id: decider, onBehalfOf = null } = typeof by === 'string' ? { id: by } : by;
    this.assertSeen(seen);
    this.assertOpen(decision);
    const places = [decider, ...(onBehalfOf ? [onBehalfOf] : [])];
    if (places.some((place) => this.decided.includes(place))) throw new VoiceGiven(this.id);
    const voice = { stage: this.stage, notes: notes?.trim() || null, onBehalfOf };
    if (decision === 'rejected' && voice.notes === null) throw new NotesRequired();
    this.change({ decided: [...this.decided, ...places] });
    if (decision === 'approved' && this.missing > 1) this.change({ missing: this.missing - 1 });
    else if (decision === 'approved' && this.stage < this.stages) this.passStage(now);
    else this.conclude(decision, decider, voice.notes, now);
    return voice;
  }

  /** Whoever is waited for by name has left. Who had a hand in it, or has a voice already, does not take their place. */
  reroute(from: string, to: string | null): void {
    if (this.status !== 'pending' || !this.named.includes(from)) return;
    const successor = to !== null && !this.involves(to) && !this.decided.includes(to) ? to : null;
    this.replace(from, successor);
    this.raise(ApprovalRerouted({ ...this.told, from, to: successor }));
  }

  /**
   * Somebody whom it waits for passes it on. A place by name is the other's from then on; of a role or a team, the other
   * may decide as well.
   * @throws RevisionRequired, RevisionStale, AlreadyDecided, VoiceGiven, DelegateExcluded, InvalidTransition
   */
  handOver(from: string, to: string, seen: Seen): void {
    this.assertSeen(seen);
    this.assertOpen('approved');
    if (this.decided.includes(from)) throw new VoiceGiven(this.id);
    if (from === to || this.involves(to) || this.decided.includes(to)) throw new DelegateExcluded(this.id, to);
    if (this.approverIds.includes(from)) this.replace(from, to);
    else this.change({ reliefUsers: [...new Set([...this.reliefUsers, to])].sort() });
    this.raise(ApprovalHandedOver({ ...this.told, stage: this.stage, from, to }));
  }

  remind(now: Date): void {
    this.change({ remindedAt: now });
    this.raise(ApprovalReminded({ ...this.told, stage: this.stage }));
  }

  /** The time of its policy is over: from now on it waits for these people as well. */
  escalate(to: Relief, now: Date): void {
    this.change({ escalatedAt: now });
    this.widen(to, 'overdue');
  }

  /** Beside whom it waits for already, at this stage. */
  widen(to: Partial<Relief>, because: 'overdue' | 'nobody_left'): void {
    const { users: toUsers = [], roles: toRoles = [], scope: toScope = null } = to;
    const widest = this.reliefScope === 'anyone' ? 'anyone' : (toScope ?? this.reliefScope);
    this.change({
      reliefUsers: [...new Set([...this.reliefUsers, ...toUsers])].sort(),
      reliefRoles: [...new Set([...this.reliefRoles, ...toRoles])].sort(),
      reliefScope: widest,
    });
    this.raise(ApprovalEscalated({ ...this.told, stage: this.stage, because, toUsers, toRoles, toScope }));
  }

  isAt(stage: number): boolean {
    return this.status === 'pending' && this.stage === stage;
  }

  waive(): void {
    this.assertOpen('waived');
    this.change({ status: 'waived', missing: 0 });
    this.raise(ApprovalWaived({ ...this.told, rule: this.policy?.rule ?? '', requestedBy: this.requestedBy }));
  }

  recall(): void {
    this.assertOpen('recalled');
    this.change({ status: 'recalled' });
    this.raise(ApprovalRecalled(this.told));
  }

  supersede(): void {
    this.assertOpen('superseded');
    this.change({ status: 'superseded' });
    this.raise(ApprovalSuperseded(this.told));
  }

  /** Whose it is, and by when, as its subject stands now. What is decided stays as it was decided. */
  follow({ teamId, dueAt }: Standing): void {
    if (this.status === 'pending') this.change({ teamId, dueAt });
  }

  /** @throws AlreadyDecided, InvalidTransition */
  assertOpen(next: ApprovalStatus): void {
    const { id, status, decidedBy, decidedAt } = this;
    if (status === 'approved' || status === 'rejected') {
      throw new AlreadyDecided({ id, decision: status, decidedBy, decidedAt });
    }
    APPROVALS.assert(status, next);
  }

  /** Had a hand in it: wrote, edited or submitted it. */
  involves(userId: string): boolean {
    return this.excluded.includes(userId);
  }

  /** By the policy it was asked for under; whether that is still so, the policy in force says. */
  get letsWritersDecide(): boolean {
    return this.policy?.allowSelfApproval ?? true;
  }

  isOf({ revision, contentHash }: Pick<ApprovalWish, 'revision' | 'contentHash'>): boolean {
    return this.revision === revision && this.contentHash === contentHash;
  }

  private replace(from: string, to: string | null): void {
    const named = this.named.filter((id) => id !== from);
    this.change({ replaced: [...this.replaced, { from, to }] });
    this.change({ named: to ? [...new Set([...named, to])].sort() : named });
    this.change(seatsOf(this.policy?.stages[this.stage - 1], this.replaced));
  }

  private passStage(now: Date): void {
    this.enterStage(this.stage + 1, now);
    this.raise(ApprovalStageReached({ ...this.told, stage: this.stage }));
  }

  private enterStage(stage: number, now: Date): void {
    const policy = this.policy?.stages[stage - 1] ?? ONE_OTHER_PERSON;
    const { required } = policy;
    this.change({ reliefUsers: [], reliefRoles: [], reliefScope: null });
    this.change({ stageSince: now, remindedAt: null, escalatedAt: null });
    this.change({ stage, required, missing: required, ...seatsOf(policy, this.replaced) });
  }

  private conclude(decision: Decision, by: string, notes: string | null, now: Date): void {
    const missing = decision === 'approved' ? 0 : this.missing;
    this.change({ status: decision, decidedBy: by, decidedAt: now, notes, missing });
    const told = { ...this.told, decidedBy: by };
    this.raise(decision === 'approved' ? ApprovalGranted(told) : ApprovalRejected({ ...told, notes: notes ?? '' }));
  }

  private tellRequested(): void {
    const { title, teamId, dueAt, requestedBy } = this;
    this.raise(ApprovalRequested({ ...this.told, title, teamId, dueAt: dueAt?.toISOString() ?? null, requestedBy }));
  }

  private assertSeen({ revision, contentHash = this.contentHash }: Seen): void {
    if (revision === undefined) throw new RevisionRequired();
    if (!this.isOf({ revision, contentHash })) throw new RevisionStale(revision, this.revision);
  }

  private get told(): { requestId: string; subjectKind: string; subjectId: string; revision: number } {
    const { id, subjectKind, subjectId, revision } = this;
    return { requestId: id, subjectKind, subjectId, revision };
  }
}
