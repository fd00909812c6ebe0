import { Injectable, Logger, SetMetadata } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { runOutside } from '../scope/index.js';

const TICKS = 'nexus:ticks';
type Tick = <T>(target: object, key: string, method: TypedPropertyDescriptor<() => Promise<T>>) => void;

/**
 * Runs a worker's method again and again, `seconds` after it last ended, in every worker, without tenant or actor. For sweeps
 * over all tenants that the database itself makes safe to run at once (locks, SKIP LOCKED); everything else is a schedule.
 */
export const Every = (seconds: number): Tick => SetMetadata(TICKS, seconds);

@Injectable()
export class Ticks {
  private readonly log = new Logger('ticks');
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly running = new Set<Promise<unknown>>();
  private stopped = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  start(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance && typeof instance === 'object') this.startAllOf(instance as Record<string, () => Promise<unknown>>);
    }
  }

  private startAllOf(instance: Record<string, () => Promise<unknown>>): void {
    for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
      const method = instance[name];
      const seconds = method && (Reflect.getMetadata(TICKS, method) as number | undefined);
      if (seconds) this.next(name, () => method.call(instance), seconds);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timers.forEach((timer) => clearTimeout(timer));
    await Promise.allSettled(this.running);
  }

  private next(name: string, work: () => Promise<unknown>, seconds: number): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const run = runOutside(work)
        .catch((error: Error) => this.log.warn({ tick: name, error: error.message }))
        .finally(() => {
          this.running.delete(run);
          this.next(name, work, seconds);
        });
      this.running.add(run);
    }, seconds * 1000);
    this.timers.add(timer);
  }
}
