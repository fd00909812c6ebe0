import { AuthFacade } from '@app/auth';
import { Clock, DomainError, type PayloadOf } from '@app/kernel';
import {
  currentRequestId,
  Database,
  type Delivery,
  Drain,
  Handles,
  type JobEnd,
  Jobs,
  LivePeople,
  type LongWork,
  LongWorkPort,
  Ports,
  runAs,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LongJob } from './job.entity.js';
import { JobOwnerGone } from './job.errors.js';
import { JobRun } from './job-run.js';
import { WorkOnJob } from './jobs.jobs.js';

const ATTEMPTS = 5;

/**
 * Works on jobs, a slot of each at a time: portion by portion in transactions of their own, as whoever asked for them. A worker
 * that dies loses one portion, which is not committed; another one goes on from what the row says.
 */
@Injectable()
export class JobsWorker {
  private isStopping = false;

  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly ports: Ports,
    private readonly people: LivePeople,
    private readonly users: AuthFacade,
    drain: Drain,
  ) {
    drain.onDrain('intake', 'long work', () => Promise.resolve(void (this.isStopping = true)));
  }

  @Handles(WorkOnJob, { mode: 'effect', attempts: ATTEMPTS, timeoutSeconds: 300 })
  async work({ jobId }: PayloadOf<typeof WorkOnJob>, { attempt }: Delivery): Promise<void> {
    const job = await this.db.find(LongJob, jobId);
    const work = job && this.ports.all(LongWorkPort).find(({ kind }) => kind === job.kind);
    if (!work || job.isOver) return;
    const run = new JobRun(this.db, this.clock, this.people, this.users, () => this.isStopping, job);
    try {
      const owner = await this.users.actorOf(job.createdBy);
      if (!owner) throw new JobOwnerGone();
      await runAs(owner, currentRequestId(), () => this.slot(run, work));
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'unavailable') await this.fail(run, work, error);
      else if (attempt >= ATTEMPTS) await this.fail(run, work, new Unexpected());
      else throw error;
    }
  }

  private async slot(run: JobRun, work: LongWork): Promise<void> {
    const { isCancelAsked } = await run.start();
    const isDone = !isCancelAsked && (await work.run(run));
    if (await this.end(run, work, isDone)) return;
    await this.jobs.enqueue(WorkOnJob, { jobId: run.id });
  }

  /** Whether it is over, now or since another worker ended it. */
  private async end(run: JobRun, work: LongWork, isDone: boolean): Promise<boolean> {
    return this.db.transaction(async () => {
      const job = await this.db.lock(LongJob, run.id);
      if (job.isOver) return true;
      if (!job.isCancelAsked && !isDone) return false;
      await this.settle(run, work, job, { state: isDone ? 'done' : 'cancelled', problem: null });
      return true;
    });
  }

  private async fail(run: JobRun, work: LongWork, { code, message: detail }: DomainError): Promise<void> {
    await this.db.transaction(async () => {
      const job = await this.db.lock(LongJob, run.id);
      if (!job.isOver) await this.settle(run, work, job, { state: 'failed', problem: { code, detail } });
    });
  }

  private async settle(run: JobRun, work: LongWork, job: LongJob, how: Omit<JobEnd, 'tally'>): Promise<void> {
    const url = await work.ended(job.subjectId, { ...how, tally: job.tally });
    job.end(how, url, this.clock.now());
    run.tell(await this.db.save(job));
  }
}

class Unexpected extends DomainError {
  readonly kind = 'unavailable';

  constructor() {
    super('unexpected', 'Something went wrong; what was done so far stands');
  }
}
