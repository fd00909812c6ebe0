import { Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RedisConnections } from '../redis/index.js';

/** Where to look again: records whose facts changed, records where people came or went, tickets whose standing changed, what one person is told. */
export type Hint = {
  readonly records?: readonly LiveRecord[];
  readonly presence?: LiveRecord;
  readonly tickets?: readonly string[];
  readonly told?: Told;
};
/** What one person is told of their own doing: numbers and ids, nothing that anybody could lose the right to. */
export type Told = {
  readonly tenantId: string;
  readonly userId: string;
  readonly message: string;
  readonly body: object;
};
export type LiveRecord = { readonly tenantId: string; readonly kind: string; readonly id: string };

/** One for each database of a Redis, since a channel is seen in all of them. */
export const channelOf = (redis: Redis): string => `nexus:live:${redis.options.db ?? 0}`;

/**
 * Carries hints between the processes, and nothing but hints: whoever hears one reads what is true, with the rights of the
 * people it tells. Lost hints cost a reader nothing but time: after a gap in the connection all are told to read again.
 */
@Injectable()
export class LiveChannel {
  private readonly log = new Logger('live');

  constructor(private readonly redis: RedisConnections) {}

  /** Never fails: with Redis away nobody hears it, and its return is a gap. */
  async tell(hint: Hint): Promise<void> {
    const { commands } = this.redis;
    await commands.publish(channelOf(commands), JSON.stringify(hint)).catch(() => undefined);
  }

  /** `missed` after every gap in which hints may have been lost. While nobody `isThere` to be told, nothing is read. */
  listen(isThere: () => boolean, heard: (hint: Hint) => void, missed: () => void): Redis {
    const subscriber = this.redis.create('live');
    let isFirst = true;
    subscriber.on('message', (_channel, text: string) => {
      if (isThere()) heard(JSON.parse(text) as Hint);
    });
    subscriber.on('ready', () => {
      if (!isFirst) missed();
      isFirst = false;
    });
    void subscriber
      .subscribe(channelOf(subscriber))
      .catch((error: Error) => this.log.warn({ error: error.message }, 'nobody is told of changes'));
    return subscriber;
  }
}
