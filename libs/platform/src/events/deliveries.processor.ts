import { OnQueueError, OnQueueStalled, Process, Processor } from '@nestjs/bull';
import { Logger } from '@nestjs/common';
import type { Job as BullJob } from 'bull';
import { DeliveryRunner, type Parcel } from './delivery.runner.js';
import { DELIVERIES } from './relay.js';

const CONCURRENCY = 10;

/** Bull's side of a delivery: it carries parcels between processes and knows nothing of their outcome. */
@Processor(DELIVERIES)
export class DeliveriesProcessor {
  private readonly log = new Logger('bull');

  constructor(private readonly runner: DeliveryRunner) {}

  @Process({ concurrency: CONCURRENCY })
  carry(job: BullJob<Parcel>): Promise<void> {
    return this.runner.run(job.data);
  }

  @OnQueueStalled()
  stalled(job: BullJob<Parcel>): void {
    this.log.warn({ job: job.id }, 'a worker died or hung over this delivery');
  }

  @OnQueueError() // unheard, it would end the process
  failed(error: Error): void {
    this.log.debug?.({ error: error.message }, 'the queue lost Redis');
  }
}
