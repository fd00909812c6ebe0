import { type BusinessHours, BusinessTimeOutOfReach, CalendarsFacade, NeverOpens } from '@app/calendars';
import { Clock } from '@app/kernel';
import { Database, type Job, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalRequest } from '../requests/approval-request.entity.js';
import { PatiencePeople } from './patience-people.js';
import { EscalateApproval, RemindApprovers, type Waiting } from './patience.jobs.js';

/** Reminding and escalating what waits for a decision, by the business hours of its team. */
@Injectable()
export class PatienceService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly calendars: CalendarsFacade,
    private readonly people: PatiencePeople,
  ) {}

  /** In the transaction in which a stage begins, or its request comes to another team: timers that commit with their cause. */
  async arm(request: ApprovalRequest): Promise<void> {
    if (request.status !== 'pending' || !request.policy?.patience) return;
    const { remindAfterSeconds, escalateAfterSeconds } = request.policy.patience;
    if (!request.remindedAt) await this.set(RemindApprovers, request, await this.dueAt(request, remindAfterSeconds));
    if (!request.escalatedAt)
      await this.set(EscalateApproval, request, await this.dueAt(request, escalateAfterSeconds));
  }

  /** Once for each stage, however many timers were set for it. */
  remind(id: string, stage: number, at: Date): Promise<void> {
    return this.when(id, stage, at, async (request, now) => {
      if (request.remindedAt) return;
      const due = await this.dueAt(request, request.policy?.patience?.remindAfterSeconds);
      if (!due || due > now) return this.set(RemindApprovers, request, due);
      request.remind(now);
      await this.db.save(request);
      await this.people.remind(request, now);
    });
  }

  /** Once for each stage. */
  escalate(id: string, stage: number, at: Date): Promise<void> {
    return this.when(id, stage, at, async (request, now) => {
      if (request.escalatedAt) return;
      const due = await this.dueAt(request, request.policy?.patience?.escalateAfterSeconds);
      if (!due || due > now) return this.set(EscalateApproval, request, due);
      const before = await this.people.ableTo(request, now);
      request.escalate(await this.people.reliefFor(request), now);
      await this.db.save(request);
      await this.people.call(request, before, now);
    });
  }

  private async set(job: Job<Waiting>, { id: requestId, stage }: ApprovalRequest, due: Date | null): Promise<void> {
    if (due) await this.jobs.enqueue(job, { requestId, stage, at: due.toISOString() }, due);
  }

  /** The request is held, so that a decision and its timer never pass each other. What is decided or further on is left. */
  private when(
    id: string,
    stage: number,
    at: Date,
    work: (request: ApprovalRequest, now: Date) => Promise<void>,
  ): Promise<void> {
    return this.db.transaction(async () => {
      const request = await this.db.lock(ApprovalRequest, id);
      const now = this.clock.now();
      // The timer came by the database's clock: a process whose own is some milliseconds behind must not find it early.
      if (request.isAt(stage)) await work(request, at > now ? at : now);
    });
  }

  /** A calendar that never opens sets no time: nobody is refused for it. */
  private async dueAt({ teamId, stageSince }: ApprovalRequest, seconds: number | null = null): Promise<Date | null> {
    if (seconds === null) return null;
    return later(await this.calendars.hoursForTeam(teamId), stageSince, seconds);
  }
}

function later(hours: BusinessHours, since: Date, seconds: number): Date | null {
  try {
    return hours.addBusinessTime(since, seconds);
  } catch (error) {
    if (error instanceof NeverOpens || error instanceof BusinessTimeOutOfReach) return null;
    throw error;
  }
}
