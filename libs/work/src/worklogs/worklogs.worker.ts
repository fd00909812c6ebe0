import { UserDeactivated } from '@app/auth/events';
import type { PayloadOf } from '@app/kernel';
import { type Delivery, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { WorklogsService } from './worklogs.service.js';

@Injectable()
export class WorklogsWorker {
  constructor(private readonly worklogs: WorklogsService) {}

  /** Nobody is left who could stop it. It ran until they left, however late that is heard of. */
  @On(UserDeactivated)
  async stopTimerOf(
    { userId }: PayloadOf<typeof UserDeactivated>,
    { occurredAt }: Pick<Delivery, 'occurredAt'>,
  ): Promise<void> {
    await this.worklogs.stopOf(userId, undefined, occurredAt);
  }
}
