import type { AuthFacade } from '@app/auth';
import type { Clock } from '@app/kernel';
import { currentRequestId, type Database, type JobAtWork, type LivePeople, runAs, type Tally } from '@app/platform';
import { LongJob } from './job.entity.js';
import { JobOwnerGone } from './job.errors.js';

const SLOT_MS = 240_000; // below the time of a delivery; the next turn waits behind all that the work has told meanwhile
const TOLD_EVERY_MS = 500;

/** What one delivery does of a job. It believes in nothing but the row: another worker may have gone on meanwhile. */
export class JobRun implements JobAtWork {
  readonly id: string;
  readonly subjectId: string;
  done: number;
  private readonly ownerId: string;
  private readonly until: number;
  private toldAt = 0;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly people: LivePeople,
    private readonly users: AuthFacade,
    private readonly isStopping: () => boolean,
    job: LongJob,
  ) {
    ({ id: this.id, subjectId: this.subjectId, done: this.done, createdBy: this.ownerId } = job);
    this.until = performance.now() + SLOT_MS;
  }

  get isInTime(): boolean {
    return performance.now() < this.until && !this.isStopping();
  }

  async expect(total: number): Promise<void> {
    this.tell(await this.db.change(LongJob, this.id, undefined, (job) => job.expect(total)));
  }

  async advance(by: number, work: () => Promise<Tally>): Promise<boolean> {
    const from = this.done;
    const job = await this.db.transaction(async () => {
      const held = await this.db.lock(LongJob, this.id);
      if (held.isOver || held.isCancelAsked || held.done !== from) return undefined;
      held.advance(by, await this.asOwner(work));
      return this.db.save(held);
    });
    if (!job) return false;
    this.done = job.done;
    this.tell(job);
    return true;
  }

  /** With the rights of this moment. @throws JobOwnerGone */
  private async asOwner<T>(work: () => Promise<T>): Promise<T> {
    const owner = await this.users.actorOf(this.ownerId);
    if (!owner) throw new JobOwnerGone();
    return runAs(owner, currentRequestId(), work);
  }

  async report(done: number): Promise<boolean> {
    const job = await this.db.change(LongJob, this.id, undefined, (one) => {
      if (!one.isOver) one.report(done);
    });
    this.tell(job);
    return !job.isOver && !job.isCancelAsked;
  }

  start(): Promise<LongJob> {
    return this.db.change(LongJob, this.id, undefined, (job) => job.start(this.clock.now()));
  }

  /** Its owner, twice a second at most, and always at the end. */
  tell({ id, kind, state, done, total, createdBy, isOver }: LongJob): void {
    const now = performance.now();
    if (!isOver && now - this.toldAt < TOLD_EVERY_MS) return;
    this.toldAt = now;
    this.people.tell(createdBy, 'job:progress', { id, kind, state, done, total });
  }
}
