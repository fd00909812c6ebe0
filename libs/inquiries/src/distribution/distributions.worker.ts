import type { PayloadOf } from '@app/kernel';
import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DistributeTeam } from './distribution.jobs.js';
import { DistributionsService } from './distributions.service.js';

@Injectable()
export class DistributionsWorker {
  constructor(private readonly distributions: DistributionsService) {}

  @Handles(DistributeTeam)
  distributeTeam({ teamId }: PayloadOf<typeof DistributeTeam>): Promise<void> {
    return this.distributions.distribute(teamId);
  }
}
