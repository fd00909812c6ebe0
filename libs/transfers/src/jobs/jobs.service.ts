import { currentActor, currentTenantId, Database, Jobs, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LongJob } from './job.entity.js';
import { WorkOnJob } from './jobs.jobs.js';

/** Long work, as who asked for it sees it: a row that says how far it is. */
@Injectable()
export class JobsService {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
  ) {}

  /** In the open transaction. `kind` is that of a `LongWork`. */
  async begin(kind: string, subjectId: string, stand: { total?: number | null; done?: number } = {}): Promise<LongJob> {
    const job = await this.db.create(LongJob.queue({ kind, subjectId, ...stand, createdBy: currentActor().id }));
    await this.jobs.enqueue(WorkOnJob, { jobId: job.id });
    return job;
  }

  /** It stops between two portions: what it has done by then stays. @throws RecordNotFound, JobOver */
  async cancel(id: string): Promise<void> {
    const mine = await this.db.one('select 1 from jobs where tenant_id = $1 and id = $2 and created_by = $3', [
      currentTenantId(),
      id,
      currentActor().id,
    ]);
    if (!mine) throw new RecordNotFound('job', id);
    await this.db.change(LongJob, id, undefined, (job) => job.askToCancel());
  }
}
