import { Aggregate, newId } from '@app/kernel';
import type { JobEnd, Tally } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { JobEnded, JobStarted } from '../events.js';
import { JobOver } from './job.errors.js';
import { JOB_STATE, type JobState } from './job.policy.js';

/** `done`: what an earlier job has done of it. */
type NewJob = Pick<LongJob, 'kind' | 'subjectId' | 'createdBy'> & { total?: number | null; done?: number };
export type JobProblem = { readonly code: string; readonly detail: string };

/** Work that takes longer than a request: how far it is, and what came of it. */
@Entity('jobs')
export class LongJob extends Aggregate<LongJob> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly kind: string;
  /** The record that it is about. */
  @Column('uuid') readonly subjectId: string;
  @Column('text') readonly state: JobState;
  @Column('int') readonly done: number;
  @Column({ type: 'int', nullable: true }) readonly total: number | null;
  @Column('jsonb') readonly tally: Tally;
  @Column({ type: 'text', nullable: true }) readonly resultUrl: string | null;
  @Column({ type: 'jsonb', nullable: true }) readonly problem: JobProblem | null;
  @Column('boolean') readonly isCancelAsked: boolean;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly startedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly finishedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static queue(given: NewJob): LongJob {
    const { kind, subjectId, total = null, done = 0, createdBy } = given;
    return new LongJob().change({
      ...{ id: newId(), kind, subjectId, state: 'queued', done, total, tally: {}, resultUrl: null, problem: null },
      ...{ isCancelAsked: false, createdBy, startedAt: null, finishedAt: null },
    });
  }

  get isOver(): boolean {
    return this.finishedAt !== null;
  }

  start(now: Date): void {
    if (this.state !== 'queued') return;
    this.change({ state: 'running', startedAt: now });
    this.raise(JobStarted({ jobId: this.id, kind: this.kind }));
  }

  expect(total: number): void {
    this.change({ total });
  }

  advance(by: number, tally: Tally): void {
    const sum: Record<string, number> = { ...this.tally };
    for (const [what, count] of Object.entries(tally)) sum[what] = (sum[what] ?? 0) + count;
    this.change({ done: this.done + by, tally: sum });
  }

  report(done: number): void {
    this.change({ done });
  }

  /** @throws JobOver */
  askToCancel(): void {
    if (this.isOver) throw new JobOver(this.id, this.state);
    this.change({ isCancelAsked: true });
  }

  end({ state, problem }: Pick<JobEnd, 'state' | 'problem'>, resultUrl: string | null, now: Date): void {
    JOB_STATE.assert(this.state, state);
    this.change({ state, problem, resultUrl, finishedAt: now });
    this.raise(JobEnded({ jobId: this.id, kind: this.kind, state }));
  }
}
