import { UserDeactivated } from '@app/auth/events';
import type { PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { WorklogsService } from './worklogs.service.js';

@Injectable()
export class WorklogsWorker {
  constructor(private readonly worklogs: WorklogsService) {}

  /** Nobody is left who could stop it. */
  @On(UserDeactivated)
  async stopTimerOf({ userId }: PayloadOf<typeof UserDeactivated>): Promise<void> {
    await this.worklogs.stopOf(userId);
  }
}
