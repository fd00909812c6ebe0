import { BullModule, getQueueToken } from '@nestjs/bull';
import { type DynamicModule, Global, Inject, Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Queue } from 'bull';
import { Config } from '../config/index.js';
import { Database } from '../database/index.js';
import { Drain } from '../lifecycle/index.js';
import { REDIS_PREFIX, RedisConnections, RedisModule } from '../redis/index.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLetters } from './dead-letters.js';
import { DeliveriesProcessor } from './deliveries.processor.js';
import { DeliveryRunner } from './delivery.runner.js';
import { Housekeeping } from './housekeeping.js';
import { Jobs } from './jobs.js';
import { DELIVERIES, Relay, WAKE } from './relay.js';
import { Holds } from './holds.js';
import { Schedules } from './schedules.js';
import { Subscriptions } from './subscriptions.js';
import { Ticks } from './ticks.js';

const queue = BullModule.registerQueueAsync({
  name: DELIVERIES,
  imports: [RedisModule],
  inject: [RedisConnections, Config],
  useFactory: (redis: RedisConnections, config: Config) => ({
    prefix: REDIS_PREFIX,
    createClient: (type) => redis.create(`bull-${type}`),
    // one try each: retries, attempts and dead letters are the rows', and rows survive what Bull forgets
    defaultJobOptions: { attempts: 1, removeOnComplete: 500, removeOnFail: 500 },
    settings: { ...watch(config.WORKER_SILENCE_SECONDS * 1000), maxStalledCount: 5 },
  }),
});

/**
 * Who works says so three times before it counts as silent; who is silent is noticed a third later at most. In whole
 * milliseconds: Redis takes no others.
 */
const watch = (silence: number): { lockDuration: number; lockRenewTime: number; stalledInterval: number } => {
  const third = Math.floor(silence / 3);
  return { lockDuration: silence, lockRenewTime: third, stalledInterval: third };
};

/** Wakes the relay after a commit; several commits of one turn of the loop wake it once. */
@Injectable()
export class OutboxSignal implements OnApplicationBootstrap {
  private isDue = false;

  constructor(
    private readonly db: Database,
    private readonly redis: RedisConnections,
  ) {}

  onApplicationBootstrap(): void {
    this.db.onOutbox(() => {
      if (this.isDue) return;
      this.isDue = true;
      setImmediate(() => {
        this.isDue = false;
        this.redis.commands.publish(WAKE, '').catch(() => {}); // Redis away: the sweep finds it within a second
      });
    });
  }
}

/** Starts and stops what moves the outbox on. */
@Injectable()
export class OutboxMotor implements OnApplicationBootstrap {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly relay: Relay,
    private readonly schedules: Schedules,
    private readonly ticks: Ticks,
    private readonly drain: Drain,
    @Inject(getQueueToken(DELIVERIES)) private readonly queue: Queue,
  ) {}

  onApplicationBootstrap(): void {
    this.subscriptions.discover();
    this.drain.onDrain('intake', 'relay', () => this.stopTaking());
    this.drain.onDrain('work', 'deliveries', () => this.queue.close());
    this.relay.start();
    this.schedules.start();
    this.ticks.start();
  }

  private async stopTaking(): Promise<void> {
    await Promise.all([this.relay.stop(), this.schedules.stop(), this.ticks.stop()]);
    await this.queue.pause(true, true); // this process takes no more; closing the queue waits for what it has
  }
}

@Global()
@Module({})
export class EventsModule {
  static forApi(): DynamicModule {
    return {
      module: EventsModule,
      imports: [queue],
      controllers: [DeadLettersController],
      providers: [Holds, Jobs, OutboxSignal, DeadLetters, Schedules],
      exports: [Holds, Jobs, Schedules, queue],
    };
  }

  static forWorker(): DynamicModule {
    const motor = [
      Subscriptions,
      DeliveryRunner,
      DeliveriesProcessor,
      Relay,
      Holds,
      Schedules,
      Ticks,
      Housekeeping,
      OutboxMotor,
    ];
    return {
      module: EventsModule,
      imports: [DiscoveryModule, queue],
      providers: [Jobs, OutboxSignal, ...motor],
      exports: [Holds, Jobs, Relay, Schedules, Subscriptions, queue],
    };
  }
}
