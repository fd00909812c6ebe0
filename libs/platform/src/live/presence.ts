import { Injectable } from '@nestjs/common';
import { REDIS_PREFIX, RedisConnections } from '../redis/index.js';
import { type LiveRecord } from './live-channel.js';

export type Doing = 'viewing' | 'typing';
/** Somebody who has a record open. `since`: when they began what they do, ISO 8601. */
export type Present = {
  readonly userId: string;
  readonly name: string;
  readonly state: Doing;
  readonly since: string;
};
/** Everybody who has it open, by name; `writer` is the one who began to write first, and whom the others let finish. */
export type Presence = { readonly people: Present[]; readonly writer: Present | null };

/** A process that died says nothing more of its people: they are gone after this. */
export const PRESENCE_SECONDS = 15;

// KEYS: who (socket -> JSON), when they were last heard of (socket -> seconds). ARGV: the socket or nothing, its JSON or
// nothing to leave, seconds. Redis' own clock, since those of the processes differ.
const LOOK = `
local now = tonumber(redis.call('TIME')[1])
if ARGV[1] ~= '' then
  if ARGV[2] == '' then
    redis.call('HDEL', KEYS[1], ARGV[1])
    redis.call('ZREM', KEYS[2], ARGV[1])
  else
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
    redis.call('ZADD', KEYS[2], now, ARGV[1])
  end
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])) do
  redis.call('HDEL', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
redis.call('EXPIRE', KEYS[1], ARGV[3] * 2)
redis.call('EXPIRE', KEYS[2], ARGV[3] * 2)
return redis.call('HVALS', KEYS[1])`;

/** Who has which record open, over all processes. In Redis alone: without it nobody is seen, and nothing else suffers. */
@Injectable()
export class PresenceBook {
  constructor(private readonly redis: RedisConnections) {}

  of(record: LiveRecord): Promise<Presence> {
    return this.look(record, '', '');
  }

  /** Also renews it. */
  enter(record: LiveRecord, socketId: string, present: Present): Promise<Presence> {
    return this.look(record, socketId, JSON.stringify(present));
  }

  leave(record: LiveRecord, socketId: string): Promise<Presence> {
    return this.look(record, socketId, '');
  }

  private async look({ tenantId, kind, id }: LiveRecord, socketId: string, text: string): Promise<Presence> {
    const key = `${REDIS_PREFIX}:presence:${tenantId}:${kind}:${id}`;
    const found = await this.redis.commands
      .eval(LOOK, 2, key, `${key}:seen`, socketId, text, PRESENCE_SECONDS)
      .catch(() => []);
    return presenceOf((found as string[]).map((one) => JSON.parse(one) as Present));
  }
}

/** Somebody with several windows is there once: writing before reading, since the earliest of these. */
export function presenceOf(windows: readonly Present[]): Presence {
  const people = new Map<string, Present>();
  for (const one of [...windows].sort(byActivity)) if (!people.has(one.userId)) people.set(one.userId, one);
  const all = [...people.values()];
  return {
    people: all.sort((a, b) => a.name.localeCompare(b.name) || a.userId.localeCompare(b.userId)),
    writer: all.filter(({ state }) => state === 'typing').sort(byActivity)[0] ?? null,
  };
}

const byActivity = (a: Present, b: Present): number =>
  Number(b.state === 'typing') - Number(a.state === 'typing') ||
  a.since.localeCompare(b.since) ||
  a.userId.localeCompare(b.userId);
