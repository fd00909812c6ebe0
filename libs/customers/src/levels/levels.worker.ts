import type { PayloadOf } from '@app/kernel';
import { Handles, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomersMerged } from '../events.js';
import { EndLevelPin } from './levels.jobs.js';
import { LevelPinsService } from './level-pins.service.js';

@Injectable()
export class LevelsWorker {
  constructor(private readonly pins: LevelPinsService) {}

  @Handles(EndLevelPin)
  end({ customerId, due }: PayloadOf<typeof EndLevelPin>): Promise<void> {
    return this.pins.endWhenDue(customerId, due);
  }

  /** A pin that came with a merge ends as it would have without. */
  @On(CustomersMerged)
  async followMerge({ customerId }: PayloadOf<typeof CustomersMerged>): Promise<void> {
    await this.pins.planEndOf(customerId);
  }
}
