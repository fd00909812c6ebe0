import { Injectable, Logger } from '@nestjs/common';
import { REDIS_PREFIX, RedisConnections } from '../redis/index.js';

export type Bucket = { readonly name: string; readonly key: string; readonly most: number; readonly seconds: number };
export type Count = { readonly bucket: Bucket; readonly used: number; readonly resetSeconds: number };

/** `cached`: undefined, nothing there; `same`, what the caller knows already; else the text. `seen`: its version or mark. */
export type Passed = {
  readonly counts: readonly Count[];
  readonly cached: { text: string; version: string } | 'same' | undefined;
  readonly seen: string;
  readonly isRedisAway: boolean;
};

// KEYS: 1 the standing's key (or ''), then one per bucket. ARGV: the version the caller knows, then most and milliseconds per bucket.
const SCRIPT = `
local answer = {false, false}
if KEYS[1] ~= '${REDIS_PREFIX}none' then
  local version = redis.call('HGET', KEYS[1], 'v')
  if version then
    answer[1] = version
    if version ~= ARGV[1] then answer[2] = redis.call('HGET', KEYS[1], 'j') end
  end
end
for i = 2, #KEYS do
  local used = redis.call('INCR', KEYS[i])
  local left = redis.call('PTTL', KEYS[i])
  if left < 0 then
    redis.call('PEXPIRE', KEYS[i], ARGV[i])
    left = tonumber(ARGV[i])
  end
  answer[#answer + 1] = used
  answer[#answer + 1] = left
end
return answer`;

type Answer = (string | number | null)[];
type WithGate = { nexusGate(count: number, ...args: string[]): Promise<Answer> };

/** Counts a request in its buckets and reads the caller's cached standing, in one call to Redis. */
@Injectable()
export class Gate {
  private readonly log = new Logger('limits');
  private lastFault = 0;
  private isDefined = false;

  constructor(private readonly redis: RedisConnections) {}

  /** Redis away: everybody passes uncounted, and the fault is logged. */
  async pass(standingId: string | undefined, knownVersion: string, buckets: readonly Bucket[]): Promise<Passed> {
    if (standingId === undefined && buckets.length === 0)
      return { counts: [], cached: undefined, seen: '', isRedisAway: false };
    const keys = [
      standingId === undefined ? `${REDIS_PREFIX}none` : standingKey(standingId),
      ...buckets.map(({ key }) => `${REDIS_PREFIX}:limit:${key}`),
    ];
    try {
      const answer = await this.client().nexusGate(
        keys.length,
        ...keys,
        knownVersion,
        ...buckets.map(({ seconds }) => String(seconds * 1000)),
      );
      return read(answer, knownVersion, buckets);
    } catch (error) {
      this.hear(error as Error);
      return { counts: [], cached: undefined, seen: '', isRedisAway: true };
    }
  }

  private client(): WithGate {
    const commands = this.redis.commands;
    if (!this.isDefined) commands.defineCommand('nexusGate', { lua: SCRIPT });
    this.isDefined = true;
    return commands as unknown as WithGate;
  }

  private hear(error: Error): void {
    if (Date.now() - this.lastFault < 10_000) return;
    this.lastFault = Date.now();
    this.log.warn({ error: error.message }, 'Redis is away: requests pass uncounted');
  }
}

export const standingKey = (id: string): string => `${REDIS_PREFIX}:standing:${id}`;

function read(answer: Answer, knownVersion: string, buckets: readonly Bucket[]): Passed {
  const [version, text, ...numbers] = answer;
  const counts = buckets.map((bucket, index) => ({
    bucket,
    used: Number(numbers[index * 2]),
    resetSeconds: Math.ceil(Number(numbers[index * 2 + 1]) / 1000),
  }));
  const seen = typeof version === 'string' ? version : '';
  if (seen !== '' && seen === knownVersion) return { counts, cached: 'same', seen, isRedisAway: false };
  // a version without a text marks what was forgotten
  const cached = typeof text === 'string' ? { version: seen, text } : undefined;
  return { counts, cached, seen, isRedisAway: false };
}
