import { Injectable, SetMetadata } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

const PROVIDES = 'nexus:provides';

/** A port that several contexts may answer: the general context finds its providers and never imports them. */
export type Port<T> = { readonly name: string; readonly provider?: T };

export const definePort = <T>(name: string): Port<T> => Object.freeze({ name });

/** Marks a context's provider of a port: `@Provides(TimelinePort) export class InquiriesTimeline implements TimelineSource`. */
export const Provides =
  <T>(port: Port<T>) =>
  (type: new (...args: never[]) => T): void => {
    SetMetadata(PROVIDES, port.name)(type);
  };

/** Finds what the loaded contexts provide for a port. */
@Injectable()
export class Ports {
  private readonly found = new Map<string, unknown[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  all<T>(port: Port<T>): readonly T[] {
    const known = this.found.get(port.name);
    if (known) return known as T[];
    const providers = this.discovery
      .getProviders()
      .filter(
        ({ metatype, instance }) =>
          instance && typeof metatype === 'function' && Reflect.getMetadata(PROVIDES, metatype) === port.name,
      )
      .map(({ instance }) => instance as T);
    const unique = [...new Set(providers)];
    this.found.set(port.name, unique);
    return unique;
  }
}
