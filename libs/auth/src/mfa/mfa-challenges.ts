import { createHash, randomBytes } from 'node:crypto';
import { Clock, newId } from '@app/kernel';
import { Database, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type MfaMethod, methodsOf } from './mfa.dto.js';

const LIFE_SECONDS = 300;
const MOST_TRIES = 5;

export type Challenge = { readonly mfaToken: string; readonly expiresIn: number; readonly methods: MfaMethod[] };
export type Challenged = {
  readonly tenant_id: string;
  readonly challenge_id: string;
  readonly user_id: string;
  readonly name: string;
};

/** Every challenge that a former password opened is dead from now on. */
export const VOID_CHALLENGES = 'update mfa_challenges set used_at = $2 where user_id = $1 and used_at is null';

const OPEN = `with factors as (
    select exists(select 1 from totp_factors f where f.id = $2 and f.confirmed_at is not null) as codes,
      exists(select 1 from passkeys k where k.user_id = $2) as passkey),
  opened as (
    insert into mfa_challenges (id, user_id, token_hash, created_at, expires_at)
    select $1, $2, $3, $4, $5 from factors where codes or passkey returning 1)
  select f.codes as "hasCodes", f.passkey as "hasPasskey" from factors f, opened`;

const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * What a right password is worth while a second factor is due: a token for one route, five tries and five minutes. It is
 * no session and no JWT, so that no other door could take it for one.
 */
@Injectable()
export class MfaChallenges {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Opens one where a second factor is in force; undefined where the password is enough. */
  async openFor(userId: string): Promise<Challenge | undefined> {
    const mfaToken = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const values = [newId(), userId, tokenHash(mfaToken), now, new Date(now.getTime() + LIFE_SECONDS * 1000)];
    const opened = await this.db.one<{ hasCodes: boolean; hasPasskey: boolean }>(OPEN, values);
    return opened && { mfaToken, expiresIn: LIFE_SECONDS, methods: methodsOf(opened) };
  }

  /** Whose it is, while it is alive: asked through the system door. */
  of(mfaToken: string): Promise<Challenged | undefined> {
    const values = [tokenHash(mfaToken), this.clock.now()];
    return runOutside(() => this.db.one<Challenged>('select * from mfa_challenge_owner($1, $2)', values));
  }

  /** Counts a try before it is judged, so that no more than five are, however many come at once. */
  async try(id: string): Promise<boolean> {
    const counted = await this.db.query(
      'update mfa_challenges set tries = tries + 1 where id = $1 and tries < $2 and used_at is null and expires_at > $3 returning 1',
      [id, MOST_TRIES, this.clock.now()],
    );
    return counted.length === 1;
  }

  /** In the transaction that opens the session. */
  async use(id: string): Promise<boolean> {
    const used = await this.db.query(
      'update mfa_challenges set used_at = $2 where id = $1 and used_at is null and expires_at > $2 returning 1',
      [id, this.clock.now()],
    );
    return used.length === 1;
  }
}
