import { createHash } from 'node:crypto';
import { Actor } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { type Bucket, Gate, type Passed } from '../limits/gate.js';
import { standingKey } from '../limits/index.js';
import { RedisConnections } from '../redis/index.js';
import { Authenticator, type Standing, type Ticket } from './authenticator.js';

export type Caller = { readonly actor: Actor; readonly restriction: string | null };
type Known = Caller & { readonly version: string };

const SECONDS = 60; // how long a standing may outlive a revocation that could not reach Redis
const MOST_KNOWN = 5000;

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
    return { caller: await this.load(ticket, passed.isRedisAway), passed };
  }

  /** Forgets cached standings everywhere; awaited before the answer, so that a revocation holds from that moment. */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.known.delete(id);
    if (ids.length === 0) return;
    await this.redis.commands
      .del(...ids.map(standingKey))
      .catch((error: Error) =>
        this.log.warn({ error: error.message }, `revoked standings stay cached for up to ${SECONDS} s`),
      );
  }

  private async load(ticket: Ticket, isRedisAway: boolean): Promise<Caller | undefined> {
    const standing = await this.authenticator.stand(ticket);
    if (!standing) return undefined;
    const text = JSON.stringify(standing);
    const version = createHash('sha1').update(text).digest('base64url');
    if (!isRedisAway) await this.keep(ticket, text, version);
    return this.learn(ticket, standing, version);
  }

  private async keep(ticket: Ticket, text: string, version: string): Promise<void> {
    const key = standingKey(ticket.id);
    await this.redis.commands
      .multi()
      .hset(key, { v: version, j: text })
      .expire(key, SECONDS)
      .exec()
      .catch(() => undefined);
    // a revocation between our reading and our writing has cleared the key before we filled it: look once more
    if (!(await this.authenticator.stand(ticket))) await this.forget([ticket.id]);
  }

  private learn(ticket: Ticket, standing: Standing, version: string): Known {
    const { actorId, name, grants, teams, restriction } = standing;
    const kind = ticket.kind === 'service' ? 'service' : 'user';
    const actor = new Actor(
      actorId,
      ticket.tenantId,
      name,
      new Set(grants),
      teams,
      kind,
      ticket.kind === 'session' ? ticket.id : null,
    );
    const known = { actor, restriction, version };
    if (this.known.size >= MOST_KNOWN) this.known.delete(this.known.keys().next().value as string);
    this.known.set(ticket.id, known);
    return known;
  }
}
