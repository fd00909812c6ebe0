import type { PayloadOf } from '@app/kernel';
import { type Delivery, Handles, Jobs, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskStatusChanged, TaskTrashed } from '../events.js';
import { SpawnOccurrences } from './recurrences.jobs.js';
import { RecurrencesService } from './recurrences.service.js';

@Injectable()
export class RecurrencesWorker {
  constructor(
    private readonly recurrences: RecurrencesService,
    private readonly jobs: Jobs,
  ) {}

  @Handles(SpawnOccurrences)
  async spawnOccurrences(occasion: PayloadOf<typeof SpawnOccurrences>): Promise<void> {
    if (!(await this.recurrences.spawnDue())) await this.jobs.enqueue(SpawnOccurrences, occasion);
  }

  /** What is done or called off is over; so, for the next one, is what was put away. */
  @On(TaskStatusChanged)
  async followEnd({ taskId, to }: PayloadOf<typeof TaskStatusChanged>, { occurredAt }: Delivery): Promise<void> {
    if (to === 'done' || to === 'cancelled') await this.recurrences.goOnAfter(taskId, occurredAt);
  }

  @On(TaskTrashed)
  followTrash({ taskId }: PayloadOf<typeof TaskTrashed>, { occurredAt }: Delivery): Promise<void> {
    return this.recurrences.goOnAfter(taskId, occurredAt);
  }
}
