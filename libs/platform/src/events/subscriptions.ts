import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { LoadedContexts } from '../modules/index.js';
import { declaredJobs, type Handler, type Subscription, subscriptionOf } from './registry.js';

export type Listener = Subscription & {
  readonly name: string;
  readonly actor: `${string}.${string}`;
  readonly handle: Handler;
};

const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

/** Everything in this process that listens or handles, found by discovery. The worker refuses to boot when a job is an orphan. */
@Injectable()
export class Subscriptions {
  private readonly listeners = new Map<string, Listener>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly contexts: LoadedContexts,
  ) {}

  /** @throws when a job of a loaded context has no handler, or two */
  discover(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance && typeof instance === 'object') this.addAllOf(instance as Record<string, Handler>);
    }
    const handled = [...this.listeners.values()].filter(({ kind }) => kind === 'job').map(({ type }) => type);
    const twice = handled.filter((type, index) => handled.indexOf(type) !== index);
    if (twice.length) throw new Error(`Jobs handled twice: ${twice.join(', ')}`);
    const orphans = [...declaredJobs().keys()].filter((name) => this.isLoaded(name) && !handled.includes(name));
    if (orphans.length) throw new Error(`Jobs nobody handles: ${orphans.join(', ')}`);
  }

  get(name: string): Listener | undefined {
    return this.listeners.get(name);
  }

  /** Listener names by event or job type, as the relay's statement takes them. */
  get routes(): Record<string, string[]> {
    const routes: Record<string, string[]> = {};
    for (const { type, name } of this.listeners.values()) (routes[type] ??= []).push(name);
    return routes;
  }

  private isLoaded(job: string): boolean {
    return this.contexts.all.some(({ name }) => job.startsWith(`${name}.`));
  }

  private addAllOf(instance: Record<string, Handler>): void {
    for (const method of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
      const handler = instance[method];
      const subscription = handler && subscriptionOf(handler);
      if (!handler || !subscription) continue;
      const name = `${kebab(instance.constructor.name.replace(/Worker$/, ''))}.${kebab(method)}` as const;
      if (this.listeners.has(name)) throw new Error(`Two listeners are called ${name}`);
      this.listeners.set(name, { ...subscription, name, actor: name, handle: handler.bind(instance) });
    }
  }
}
