import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { changedFields } from '../changed-fields.js';
import {
  WorklogApproved,
  WorklogRecorded,
  WorklogRemoved,
  WorklogReopened,
  WorklogStarted,
  WorklogUpdated,
} from '../events.js';
import type { Money } from '../projects/project.entity.js';
import { OwnWorklog, WorkInFuture, WorklogLocked, WorklogStillRuns, WorklogTooOld } from './worklog.errors.js';
import { EDIT_WITHIN_MS, WORKLOG_STATUS, type WorklogStatus } from './worklog.policy.js';

const MINUTE = 60_000;

/** On what somebody worked, and what an hour of it costs: as it was when the work began. */
export type Subject = {
  readonly taskId: string | null;
  readonly projectId: string | null;
  readonly customerId: string | null;
  readonly rate: Money | null;
};
export type WorklogDocument = { description: string; isBillable: boolean; startedAt: Date; minutes: number };

@Entity('worklogs')
export class Worklog extends Aggregate<Worklog> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly userId: string;
  @Column({ type: 'uuid', nullable: true }) readonly customerId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly projectId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly taskId: string | null;
  @Column('text') readonly description: string;
  @Column('text') readonly status: WorklogStatus;
  @Column({ type: 'timestamptz', precision: 3 }) readonly startedAt: Date;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly endedAt: Date | null;
  @Column({ type: 'int', nullable: true }) readonly minutes: number | null;
  @Column('boolean') readonly isBillable: boolean;
  @Column({ type: 'bigint', nullable: true }) readonly rateAmount: number | null;
  @Column({ type: 'text', nullable: true }) readonly currency: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly approvedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly approvedBy: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** A timer runs from now on. That it is the only one of that person, PostgreSQL sees to. */
  static start(
    subject: Subject,
    given: Pick<WorklogDocument, 'description' | 'isBillable'>,
    by: string,
    now: Date,
  ): Worklog {
    const worklog = Worklog.on(subject, by).change({ ...given, status: 'running', startedAt: now });
    worklog.raise(WorklogStarted({ worklogId: worklog.id, userId: by }));
    return worklog;
  }

  /** Time that was worked before. @throws WorkInFuture */
  static record(subject: Subject, given: WorklogDocument, by: string, now: Date): Worklog {
    const worklog = Worklog.on(subject, by).change({ ...given, status: 'recorded', endedAt: endOf(given, now) });
    worklog.tellRecorded();
    return worklog;
  }

  private static on({ taskId, projectId, customerId, rate }: Subject, userId: string): Worklog {
    const money = { rateAmount: rate?.amount ?? null, currency: rate?.currency ?? null };
    const open = { endedAt: null, minutes: null, approvedAt: null, approvedBy: null };
    return new Worklog().change({ id: newId(), userId, taskId, projectId, customerId, ...money, ...open });
  }

  /** A minute that was begun counts. */
  stop(description: string | undefined, now: Date): void {
    WORKLOG_STATUS.assert(this.status, 'recorded');
    const lasted = Math.max(0, now.getTime() - this.startedAt.getTime());
    this.change({
      status: 'recorded',
      endedAt: new Date(this.startedAt.getTime() + lasted),
      minutes: Math.max(1, Math.ceil(lasted / MINUTE)),
      ...(description !== undefined && { description }),
    });
    this.tellRecorded();
  }

  /** @throws WorklogLocked, WorklogStillRuns, WorklogTooOld, WorkInFuture */
  correct(to: Partial<WorklogDocument>, { by, now }: { by: string; now: Date }): void {
    this.assertOpenTo(by, now);
    const times = { startedAt: to.startedAt ?? this.startedAt, minutes: to.minutes ?? this.minutes ?? 1 };
    const isMoved = times.minutes !== this.minutes || times.startedAt.getTime() !== this.startedAt.getTime();
    const wanted: Partial<Worklog> = { ...to, ...(isMoved && { ...times, endedAt: endOf(times, now) }) };
    const changes = changedFields<Worklog>(this, wanted);
    const changed = Object.keys(changes);
    this.change(changes);
    if (changed.length) this.raise(WorklogUpdated({ ...this.about, changed }));
  }

  /** Says that the row is about to be deleted. @throws WorklogLocked, WorklogTooOld */
  takeAway({ by, now }: { by: string; now: Date }): void {
    if (this.status !== 'running') this.assertOpenTo(by, now);
    this.raise(WorklogRemoved(this.about));
  }

  /** Locks it. @throws OwnWorklog, WorklogStillRuns, InvalidTransition */
  approve(by: string, now: Date): void {
    if (this.userId === by) throw new OwnWorklog(this.id);
    if (this.status === 'running') throw new WorklogStillRuns(this.id);
    WORKLOG_STATUS.assert(this.status, 'approved');
    this.change({ status: 'approved', approvedAt: now, approvedBy: by });
    this.raise(WorklogApproved({ ...this.about, approvedBy: by, minutes: this.minutes ?? 0 }));
  }

  /** Unlocks it. @throws OwnWorklog, WorklogStillRuns, InvalidTransition */
  reopen(by: string): void {
    if (this.userId === by) throw new OwnWorklog(this.id);
    if (this.status === 'running') throw new WorklogStillRuns(this.id);
    WORKLOG_STATUS.assert(this.status, 'recorded');
    this.change({ status: 'recorded', approvedAt: null, approvedBy: null });
    this.raise(WorklogReopened(this.about));
  }

  private assertOpenTo(by: string, now: Date): void {
    if (this.status === 'approved') throw new WorklogLocked(this.id);
    if (!this.endedAt) throw new WorklogStillRuns(this.id);
    const isOld = now.getTime() - this.endedAt.getTime() > EDIT_WITHIN_MS;
    if (isOld && by === this.userId) throw new WorklogTooOld(this.id);
  }

  private tellRecorded(): void {
    this.raise(WorklogRecorded({ ...this.about, minutes: this.minutes ?? 0, customerId: this.customerId }));
  }

  private get about(): { worklogId: string; userId: string } {
    return { worklogId: this.id, userId: this.userId };
  }
}

/** @throws WorkInFuture */
function endOf({ startedAt, minutes }: Pick<WorklogDocument, 'startedAt' | 'minutes'>, now: Date): Date {
  const end = new Date(startedAt.getTime() + minutes * MINUTE);
  if (end > now) throw new WorkInFuture();
  return end;
}
