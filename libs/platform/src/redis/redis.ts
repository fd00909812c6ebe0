import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Config } from '../config/index.js';

/** Keys of one Redis Cluster slot: Bull's scripts touch several at once. */
export const REDIS_PREFIX = '{nexus}';

const HEARTBEAT_MS = 2000;
const COMMAND_MS = 1000;

/** Every connection to Redis is made here: named, with its errors heard, closed together. */
@Injectable()
export class RedisConnections {
  private readonly log = new Logger('redis');
  private readonly open = new Set<Redis>();
  private shared: Redis | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private lastError = 0;

  constructor(private readonly config: Config) {}

  /** For commands of a request: fails at once when Redis is away instead of queueing, so that callers can do without. */
  get commands(): Redis {
    return (this.shared ??= this.watched(
      this.create('commands', { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: COMMAND_MS }),
    ));
  }

  /** Waits until Redis answers, a little: without it the process comes up as well, degraded. */
  async settle(mostMs = 2000): Promise<void> {
    const { commands } = this;
    if (commands.status === 'ready') return;
    const abort = new AbortController();
    const connected = once(commands, 'ready', { signal: abort.signal });
    const late = wait(mostMs, undefined, { signal: abort.signal });
    await Promise.race([connected, late]).catch(() => undefined);
    abort.abort();
  }

  create(name: string, options: RedisOptions = {}): Redis {
    const redis = new Redis(this.config.REDIS_URL, {
      connectionName: `nexus-${name}`,
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      keepAlive: 10_000, // else the kernel asks after two hours whether the other end is there
      retryStrategy: (times) => Math.min(2000, 50 * 2 ** Math.min(times, 6)),
      ...options,
    });
    redis.on('error', (error: Error) => this.hear(name, error));
    this.open.add(redis);
    return redis;
  }

  async close(): Promise<void> {
    clearInterval(this.heartbeat);
    for (const redis of this.open) redis.disconnect();
    this.open.clear();
  }

  /** The other end may be gone without a word: a connection on which nothing answers is dropped, and made anew. */
  private watched(redis: Redis): Redis {
    this.heartbeat = setInterval(() => {
      if (redis.status !== 'ready') return;
      const { stream } = redis;
      redis.ping().catch((error: Error) => {
        if (error.message === 'Command timed out') stream.destroy();
      });
    }, HEARTBEAT_MS).unref();
    return redis;
  }

  private hear(name: string, error: Error): void {
    if (Date.now() - this.lastError < 5000) return; // a dead Redis says so many times a second
    this.lastError = Date.now();
    this.log.warn({ connection: name, error: error.message }, 'Redis is away');
  }
}
