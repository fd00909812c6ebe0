import { createHash, randomUUID } from 'node:crypto';
import type { BlockList } from 'node:net';
import { Actor, FieldRights } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { type Bucket, Gate, type Passed } from '../limits/gate.js';
import { standingKey } from '../limits/index.js';
import { channelOf, type Hint } from '../live/live-channel.js';
import { networksOf } from '../outbound/addresses.js';
import { RedisConnections } from '../redis/index.js';
import type { Restriction } from './restriction.js';
import { Authenticator, type Standing, type Ticket } from './authenticator.js';

export type Caller = {
  readonly actor: Actor;
  readonly restriction: Restriction | null;
  readonly provenAt: Date | null;
  readonly isHeld: boolean;
  readonly allowedFrom: BlockList | null;
};
type Known = Caller & { readonly version: string };

const SECONDS = 60; // how long a standing may outlive a revocation that could not reach Redis
const MOST_KNOWN = 5000;

// KEYS: the standing's key. ARGV: the version or mark that was seen before PostgreSQL was asked, then version, text, seconds.
const KEEP = `
if (redis.call('HGET', KEYS[1], 'v') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'j', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1`;

/**
 * From ticket to actor. PostgreSQL is the truth, Redis the cache that all processes share and that a revocation clears,
 * and what this process has parsed is used again only while Redis still shows the same version.
 */
@Injectable()
export class Standings {
  private readonly log = new Logger('standings');
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly gate: Gate,
    private readonly redis: RedisConnections,
  ) {}

  async find(ticket: Ticket, buckets: readonly Bucket[]): Promise<{ caller: Caller | undefined; passed: Passed }> {
    const known = this.known.get(ticket.id);
    const passed = await this.gate.pass(ticket.id, known?.version ?? '', buckets);
    if (passed.cached === 'same' && known) return { caller: known, passed };
    if (passed.cached && passed.cached !== 'same') {
      return { caller: this.learn(ticket, JSON.parse(passed.cached.text) as Standing, passed.cached.version), passed };
    }
    return { caller: await this.load(ticket, passed), passed };
  }

  /**
   * Forgets cached standings everywhere; awaited after the commit and before the answer, so that a revocation holds from
   * that moment. It leaves a mark: whoever read PostgreSQL before finds it and does not fill the cache again.
   */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.known.delete(id);
    if (ids.length === 0) return;
    const marks = this.redis.commands.multi();
    marks.publish(channelOf(this.redis.commands), JSON.stringify({ tickets: ids } satisfies Hint));
    for (const key of ids.map(standingKey)) marks.del(key).hset(key, 'v', randomUUID()).expire(key, SECONDS);
    await marks
      .exec()
      .catch((error: Error) =>
        this.log.warn({ error: error.message }, `revoked standings stay cached for up to ${SECONDS} s`),
      );
  }

  private async load(ticket: Ticket, { seen, isRedisAway }: Passed): Promise<Caller | undefined> {
    const standing = await this.authenticator.stand(ticket);
    if (!standing) return undefined;
    const text = JSON.stringify(standing);
    const version = createHash('sha1').update(text).digest('base64url');
    if (!isRedisAway) await this.keep(standingKey(ticket.id), seen, version, text);
    return this.learn(ticket, standing, version);
  }

  private async keep(key: string, seen: string, version: string, text: string): Promise<void> {
    await this.redis.commands.eval(KEEP, 1, key, seen, version, text, SECONDS).catch(() => undefined);
  }

  private learn(ticket: Ticket, standing: Standing, version: string): Known {
    const { actorId, name, grants, teams, reachedTeams } = standing;
    const { restriction, provenAt, isHeld = false, allowedFrom = [] } = standing;
    const { impersonatorId = null, fieldRules } = standing;
    const kind = ticket.kind === 'service' ? 'service' : 'user';
    const actor = new Actor(
      actorId,
      ticket.tenantId,
      name,
      new Set(grants),
      teams,
      kind,
      ticket.kind === 'session' ? ticket.id : null,
      { reachedTeams, fieldRights: FieldRights.of(fieldRules), impersonatorId },
    );
    const known = {
      ...{ actor, restriction, provenAt: provenAt ? new Date(provenAt) : null, isHeld, version },
      allowedFrom: allowedFrom.length ? networksOf(allowedFrom) : null,
    };
    if (this.known.size >= MOST_KNOWN) this.known.delete(this.known.keys().next().value as string);
    this.known.set(ticket.id, known);
    return known;
  }
}
