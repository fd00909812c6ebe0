import { createHash } from 'node:crypto';
import { Clock, systemActor } from '@app/kernel';
import { currentRequestId, Database, network, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Factor } from '../mfa/second-factor.js';
import { LoginDelayed } from './sessions.errors.js';

/** Where a login comes from. `deviceToken`: what an earlier login from there was given. */
export type Origin = { readonly ip: string; readonly userAgent: string; readonly deviceToken?: string };
export type Candidate = {
  tenant_id: string;
  user_id: string;
  name: string;
  password_hash: string | null;
  known_devices: Buffer[];
};

/** So many failures are free; each further one doubles the time to wait, up to a limit. From `unsuspicious` on it may be a program. */
type Rule = { readonly free: number; readonly mostSeconds: number; readonly unsuspicious: number };
const FROM_ONE_PLACE: Rule = { free: 5, mostSeconds: 60, unsuspicious: 3 };
const OF_ONE_NAME: Rule = { free: 20, mostSeconds: 60, unsuspicious: 3 };
const OF_ONE_NETWORK: Rule = { free: 50, mostSeconds: 300, unsuspicious: 10 };
const MEMORY_SECONDS = 900;

export type Counter = { readonly key: Buffer; readonly rule: Rule };
type Failures = { key: Buffer; failures: number; last_at: Date };

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
export const deviceHash = (token: string): Buffer => sha256(`device:${token}`);
export const networkHash = (ip: string): Buffer => sha256(`network:${network(ip)}`);

const ofName = (counters: readonly Counter[]): Buffer[] =>
  counters.filter(({ rule }) => rule !== OF_ONE_NETWORK).map(({ key }) => key);

export function delaySeconds({ free, mostSeconds }: Pick<Rule, 'free' | 'mostSeconds'>, failures: number): number {
  return failures < free ? 0 : Math.min(mostSeconds, 2 ** (failures - free));
}

/**
 * Slows guessing down without locking anybody out: failures are counted for a name from one place, for a name from
 * everywhere, and for a network. Strangers hammering a name do not delay its owner, who comes from a known network or
 * shows a known device's token: those are only held to what happened from that very place.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  countersOf(name: string, origin: Origin, candidates: readonly Pick<Candidate, 'known_devices'>[]): Counter[] {
    const known = candidates.flatMap((candidate) => candidate.known_devices);
    const isKnown = (hash: Buffer): boolean => known.some((one) => one.equals(hash));
    const from = networkHash(origin.ip);
    const device = origin.deviceToken ? deviceHash(origin.deviceToken) : undefined;
    const place = device && isKnown(device) ? device : from;
    const counters = [{ key: sha256(`${name}|${place.toString('hex')}`), rule: FROM_ONE_PLACE }];
    if (!isKnown(place)) counters.push({ key: sha256(`${name}|`), rule: OF_ONE_NAME });
    if (place === from) counters.push({ key: from, rule: OF_ONE_NETWORK });
    return counters;
  }

  /** @throws LoginDelayed while one of the counters asks to wait */
  async assertOpen(counters: readonly Counter[]): Promise<void> {
    const now = this.clock.now();
    const rows = await this.failures(counters.map(({ key }) => key));
    const waits = counters.map(({ key, rule }) => {
      const row = rows.find((one) => one.key.equals(key));
      return row ? delaySeconds(rule, row.failures) - (now.getTime() - row.last_at.getTime()) / 1000 : 0;
    });
    const longest = Math.ceil(Math.max(0, ...waits));
    if (longest > 0) throw new LoginDelayed(longest);
  }

  /** Whether one of the counters has seen so many failures that it may be a program that tries. */
  async looksGuessed(counters: readonly Counter[]): Promise<boolean> {
    const rows = await this.failures(counters.map(({ key }) => key));
    return rows.some(({ key, failures }) =>
      counters.some(({ rule, key: own }) => own.equals(key) && failures >= rule.unsuspicious),
    );
  }

  /** Counts the failure and, where the name is somebody's, records it with them: in one statement either way. */
  async failed(
    counters: readonly Counter[],
    origin: Origin,
    candidates: readonly Pick<Candidate, 'tenant_id' | 'user_id'>[],
    factor: Factor = 'password',
  ): Promise<void> {
    const whom = candidates.map(({ tenant_id: tenantId, user_id: userId }) => ({
      tenantId,
      userId,
      actorId: systemActor(tenantId, 'auth.login').id,
    }));
    const details = { ip: origin.ip, userAgent: origin.userAgent, factor };
    const values = [
      counters.map(({ key }) => key),
      this.clock.now(),
      MEMORY_SECONDS,
      JSON.stringify(whom),
      currentRequestId(),
      JSON.stringify(details),
    ];
    await runOutside(() => this.db.query('select login_failed($1, $2, $3, $4::jsonb, $5, $6::jsonb)', values));
  }

  /** How often it was tried in vain of late, for this name from here or from everywhere. */
  async failuresOf(counters: readonly Counter[]): Promise<number> {
    const rows = await this.failures(ofName(counters));
    return Math.max(0, ...rows.map(({ failures }) => failures));
  }

  /** A right password forgives what happened from its place; what a whole network did stays counted. */
  async passed(counters: readonly Counter[]): Promise<void> {
    await this.db.query('select login_passed($1)', [ofName(counters)]);
  }

  private failures(keys: readonly Buffer[]): Promise<Failures[]> {
    const now = this.clock.now();
    return runOutside(() =>
      this.db.query<Failures>('select * from login_failures($1, $2, $3)', [keys, now, MEMORY_SECONDS]),
    );
  }
}
