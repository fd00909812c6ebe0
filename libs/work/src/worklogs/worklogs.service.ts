import { Clock, type Permission } from '@app/kernel';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type WorkedOn, WorkSubjects } from './work-subjects.js';
import { Worklog, type WorklogDocument } from './worklog.entity.js';
import { NoTimerRunning, TimerRunning, WorklogNotFound } from './worklog.errors.js';
import { WorklogPermissions } from './worklog.policy.js';
import { WorklogReach } from './worklog.reach.js';

type Note = Pick<WorklogDocument, 'description' | 'isBillable'>;

const RUNNING = `tenant_id = $1 and user_id = $2 and status = 'running'`;

@Injectable()
export class WorklogsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: WorklogReach,
    private readonly subjects: WorkSubjects,
  ) {}

  /** One runs for each person, however many they start at once. @throws TimerRunning, WorkedOnNothing */
  async start(on: WorkedOn, note: Note): Promise<Worklog> {
    const subject = await this.subjects.of(on);
    return this.db
      .create(Worklog.start(subject, note, currentActor().id, this.clock.now()))
      .catch(onConstraint('worklogs_one_running', () => new TimerRunning()));
  }

  /** @throws NoTimerRunning */
  async stop(description?: string): Promise<Worklog> {
    const stopped = await this.stopOf(currentActor().id, description);
    if (!stopped) throw new NoTimerRunning();
    return stopped;
  }

  /** The timer of somebody, where one runs: it stops as of `at`. */
  stopOf(userId: string, description?: string, at = this.clock.now()): Promise<Worklog | undefined> {
    return this.db.transaction(async () => {
      const [worklog] = await this.db.findWhere(Worklog, `${RUNNING} for update`, [currentTenantId(), userId]);
      worklog?.stop(description, at);
      return worklog && this.db.save(worklog);
    });
  }

  /** @throws WorkInFuture, WorkedOnNothing */
  async record(on: WorkedOn, given: WorklogDocument): Promise<Worklog> {
    const subject = await this.subjects.of(on);
    return this.db.create(Worklog.record(subject, given, currentActor().id, this.clock.now()));
  }

  /** @throws WorklogLocked, WorklogStillRuns, WorklogTooOld, WorkInFuture */
  correct(id: string, to: Partial<WorklogDocument>, version?: number): Promise<Worklog> {
    const by = currentActor().id;
    return this.change(WorklogPermissions.update, id, version, (worklog) =>
      worklog.correct(to, { by, now: this.clock.now() }),
    );
  }

  /** For good; the audit trail keeps it. @throws WorklogLocked, WorklogTooOld */
  async remove(id: string, version?: number): Promise<void> {
    await this.reach.assertWithin(currentActor(), WorklogPermissions.update, id);
    await this.db.transaction(async () => {
      const worklog = await this.db.lock(Worklog, id, version);
      worklog.takeAway({ by: currentActor().id, now: this.clock.now() });
      await this.db.remove(worklog);
    });
  }

  /** All of them or none. @throws WorklogNotFound, OwnWorklog, WorklogStillRuns */
  async approve(ids: readonly string[]): Promise<string[]> {
    const [actor, now] = [currentActor(), this.clock.now()];
    const wanted = [...new Set(ids.map((id) => id.toLowerCase()))].sort();
    await this.db.transaction(async () => {
      for (const id of wanted) {
        await this.reach.assertWithin(actor, WorklogPermissions.approve, id).catch((error: unknown) => {
          throw error instanceof RecordNotFound ? new WorklogNotFound(id) : error;
        });
        const worklog = await this.db.lock(Worklog, id);
        if (worklog.status === 'approved') continue;
        worklog.approve(actor.id, now);
        await this.db.save(worklog);
      }
    });
    return wanted;
  }

  /** Unlocks it. @throws OwnWorklog, InvalidTransition */
  reopen(id: string, version?: number): Promise<Worklog> {
    const by = currentActor().id;
    return this.change(WorklogPermissions.approve, id, version, (worklog) => worklog.reopen(by));
  }

  private async change(
    permission: Permission,
    id: string,
    version: number | undefined,
    verb: (worklog: Worklog) => void,
  ): Promise<Worklog> {
    await this.reach.assertWithin(currentActor(), permission, id);
    return this.db.change(Worklog, id, version, verb);
  }
}
