import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  ApprovalGranted,
  ApprovalRecalled,
  ApprovalRejected,
  ApprovalRequested,
  ApprovalSuperseded,
} from '../events.js';
import { AlreadyDecided, NotesRequired, RevisionRequired, RevisionStale } from './approval.errors.js';
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
};

/** What may change of a subject while its revision waits. */
export type Standing = Pick<ApprovalWish, 'teamId' | 'dueAt'>;

/** What the one who decides has seen. */
export type Seen = { readonly revision: number | undefined; readonly contentHash?: string };

/** One round: one revision of one subject, asked for once and decided at most once. */
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
  @Column('int') readonly required: number;
  @Column('uuid', { nullable: true }) readonly decidedBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly decidedAt: Date | null;
  @Column('text', { nullable: true }) readonly notes: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static ask(
    { excluded, ...wish }: ApprovalWish,
    requestedBy: string,
    required: number,
    id = newId(),
  ): ApprovalRequest {
    const involved = [...new Set([...excluded, requestedBy].map((one) => one.toLowerCase()))].sort();
    const start = { status: APPROVALS.initial, stage: 1, required };
    const request = new ApprovalRequest().change({ id, ...wish, requestedBy, excluded: involved, ...start });
    const { title, teamId, dueAt } = wish;
    const told = { ...request.told, title, teamId, dueAt: dueAt?.toISOString() ?? null, requestedBy };
    request.raise(ApprovalRequested(told));
    return request;
  }

  /** @throws RevisionRequired, RevisionStale, AlreadyDecided, NotesRequired, InvalidTransition */
  decide(decision: Decision, seen: Seen, by: string, notes: string | null, now: Date): void {
    this.assertSeen(seen);
    this.assertOpen(decision);
    const given = notes?.trim() || null;
    if (decision === 'rejected' && given === null) throw new NotesRequired();
    this.change({ status: decision, decidedBy: by, decidedAt: now, notes: given });
    const told = { ...this.told, decidedBy: by };
    this.raise(decision === 'approved' ? ApprovalGranted(told) : ApprovalRejected({ ...told, notes: given ?? '' }));
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

  isOf({ revision, contentHash }: Pick<ApprovalWish, 'revision' | 'contentHash'>): boolean {
    return this.revision === revision && this.contentHash === contentHash;
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
