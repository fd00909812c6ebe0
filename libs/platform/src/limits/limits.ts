import { TooMany } from '@app/kernel';
import { Injectable, SetMetadata } from '@nestjs/common';
import { Config } from '../config/index.js';
import type { Bucket, Count } from './gate.js';

const WINDOW_SECONDS = 900;
export const STRICTER = 'nexus:limit';

/** A limit of a route's own, by address, beside the general ones: `@Limited('login', 20, 60)`. */
export type RouteLimit = { readonly name: string; readonly most: number; readonly seconds: number };
export const Limited = (name: string, most: number, seconds: number): MethodDecorator =>
  SetMetadata(STRICTER, { name, most, seconds } satisfies RouteLimit);

/** More requests than the caller may send. */
export class LimitReached extends TooMany {
  constructor(readonly count: Count) {
    super('rate_limited', `Too many requests: ${count.bucket.most} in ${count.bucket.seconds} s`, {
      limit: count.bucket.name,
      retryAfterSeconds: Math.max(1, count.resetSeconds),
    });
  }
}

@Injectable()
export class Limits {
  constructor(private readonly config: Config) {}

  anonymous(address: string, route: RouteLimit | undefined): Bucket[] {
    const who = `ip:${network(address)}`;
    return [
      ...this.bucket('anonymous', who, this.config.RATE_LIMIT_ANONYMOUS, WINDOW_SECONDS),
      ...this.burst(who),
      ...this.stricter(route, who),
    ];
  }

  authenticated(tenantId: string, subject: string, route: RouteLimit | undefined): Bucket[] {
    const who = `${tenantId}:${subject}`;
    return [
      ...this.bucket('authenticated', who, this.config.RATE_LIMIT_AUTHENTICATED, WINDOW_SECONDS),
      ...this.burst(who),
      ...this.stricter(route, who),
    ];
  }

  /** @throws LimitReached for the bucket that is over for the longest */
  assert(counts: readonly Count[]): void {
    const over = counts
      .filter(({ bucket, used }) => used > bucket.most)
      .sort((a, b) => b.resetSeconds - a.resetSeconds)[0];
    if (over) throw new LimitReached(over);
  }

  private burst(who: string): Bucket[] {
    return this.bucket('burst', who, this.config.RATE_LIMIT_BURST, 1);
  }

  private stricter(route: RouteLimit | undefined, who: string): Bucket[] {
    // switched off together with the general limit, so that load and concurrency suites need one setting
    return route && this.config.RATE_LIMIT_ANONYMOUS > 0 ? this.bucket(route.name, who, route.most, route.seconds) : [];
  }

  private bucket(name: string, who: string, most: number, seconds: number): Bucket[] {
    return most > 0 ? [{ name, key: `${name}:${who}`, most, seconds }] : [];
  }
}

/** Of an IPv6 address its /64: a household has as many addresses as it likes. */
export function network(address: string): string {
  const v4 = /(?:^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (v4) return v4;
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups.slice(0, 4).join(':');
}

/** `RateLimit` and `RateLimit-Policy` (IETF draft 10), and the `X-RateLimit-*` that older clients read. */
export function limitHeaders(counts: readonly Count[]): Record<string, string> {
  const [first] = counts;
  if (!first) return {};
  const left = ({ bucket, used }: Count): number => Math.max(0, bucket.most - used);
  return {
    'RateLimit-Policy': counts.map(({ bucket }) => `"${bucket.name}";q=${bucket.most};w=${bucket.seconds}`).join(', '),
    RateLimit: counts.map((count) => `"${count.bucket.name}";r=${left(count)};t=${count.resetSeconds}`).join(', '),
    'X-RateLimit-Limit': String(first.bucket.most),
    'X-RateLimit-Remaining': String(left(first)),
    'X-RateLimit-Reset': String(first.resetSeconds),
  };
}
