import { UserDeactivated } from '@app/auth/events';
import type { PayloadOf } from '@app/kernel';
import { Handles, Jobs, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ReleaseTasksOf } from './tasks.jobs.js';
import { TasksOwnership } from './tasks.ownership.js';

@Injectable()
export class TasksWorker {
  constructor(
    private readonly ownership: TasksOwnership,
    private readonly jobs: Jobs,
  ) {}

  @On(UserDeactivated)
  followLeaver({ userId }: PayloadOf<typeof UserDeactivated>): Promise<void> {
    return this.jobs.enqueue(ReleaseTasksOf, { userId });
  }

  @Handles(ReleaseTasksOf)
  async releaseTasksOf({ userId }: PayloadOf<typeof ReleaseTasksOf>): Promise<void> {
    if (!(await this.ownership.releaseSome(userId))) await this.jobs.enqueue(ReleaseTasksOf, { userId });
  }
}
