import { UserDeactivated } from '@app/auth/events';
import type { PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ReroutingService } from './rerouting.service.js';

@Injectable()
export class ApprovalsWorker {
  constructor(private readonly rerouting: ReroutingService) {}

  @On(UserDeactivated)
  reroute({ userId }: PayloadOf<typeof UserDeactivated>): Promise<void> {
    return this.rerouting.leave(userId);
  }
}
