import { randomBytes } from 'node:crypto';
import { Actor, Clock } from '@app/kernel';
import { Config, currentRequestId, Database, RecordNotFound, runAs, runOutside, Standings } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AccessTokens } from '../access/access-tokens.js';
import { SessionsRevoked } from '../events.js';
import type { Factor } from '../mfa/second-factor.js';
import { HOLD_ACTIVE_USER } from '../users/user-lock.js';
import { deviceHash, networkHash, type Origin } from './login-throttle.js';
import { isGenuine, mintRefreshToken, readRefreshToken } from './refresh-token.js';
import { Session, type Refreshing, type Revocation } from './session.entity.js';
import { LoginRefused, RefreshRefused } from './sessions.errors.js';

export type Person = { readonly tenantId: string; readonly userId: string; readonly name: string };
export type Tokens = { readonly accessToken: string; readonly refreshToken: string; readonly expiresIn: number };
export type Opened = Tokens & { readonly deviceToken: string };

type Owner = { tenant_id: string; user_id: string; name: string; seed: Buffer; may_enter: boolean };
type Turn = { readonly session: Session; readonly outcome: Refreshing };

/** Whoever just proved who they are, before any permission is known. */
export const actingPerson = ({ tenantId, userId, name }: Person): Actor => new Actor(userId, tenantId, name, new Set());

/** Sessions open, go on and end here. What ends one clears its cached standing before anybody is answered. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly tokens: AccessTokens,
    private readonly standings: Standings,
  ) {}

  /** Opens a session as the person who acts and has shown `factor`: `isProven` where they have none that says more. It remembers the device and network it came from. */
  async open(person: Person, origin: Origin, factor: Factor, isProven = true): Promise<Opened> {
    const now = this.clock.now();
    const deviceToken = origin.deviceToken ?? randomBytes(24).toString('base64url');
    const places = [deviceHash(deviceToken), networkHash(origin.ip)];
    const seed = randomBytes(32);
    const session = await this.db.transaction(async () => {
      if (!(await this.db.one(HOLD_ACTIVE_USER, [person.userId]))) throw new LoginRefused(); // deactivated a moment ago
      const isNewDevice = await this.remember(person, places, now);
      const slidingSeconds = this.config.JWT_REFRESH_EXPIRATION;
      const start = {
        userId: person.userId,
        seed,
        ip: origin.ip,
        userAgent: origin.userAgent,
        isNewDevice,
        slidingSeconds,
        isProven,
      };
      const opened = await this.db.create(Session.start(start, now));
      const { ip, userAgent } = origin;
      const after = { sessionId: opened.id, ip, userAgent, factor };
      await this.db.audit('users', person.userId, 'logged_in', { after });
      return opened;
    });
    return { ...this.tokensOf(session), deviceToken };
  }

  /** @throws RefreshRefused for a token that is not ours, over or used before; the last ends its whole session */
  async refresh(token: string): Promise<Tokens & { person: Person }> {
    const ticket = readRefreshToken(token);
    const owner = ticket && (await this.ownerOf(ticket.sessionId));
    if (!ticket || !owner?.may_enter || !isGenuine(this.config.JWT_REFRESH_SECRET, ticket, owner.seed))
      throw new RefreshRefused();
    const person = { tenantId: owner.tenant_id, userId: owner.user_id, name: owner.name };
    return runAs(actingPerson(person), currentRequestId(), async () => {
      const { session, outcome } = await this.turn(ticket.sessionId, ticket.generation);
      if (outcome === 'reused') await this.forget([session.id, ...(await this.impersonationsFrom(session.id))]);
      if (outcome === 'reused' || outcome === 'ended') throw new RefreshRefused();
      return { ...this.tokensOf(session), person };
    });
  }

  /** Ends one session of this user, and what they see as somebody else from it. @throws RecordNotFound when it is not theirs or over already */
  async end(userId: string, sessionId: string, because: Revocation): Promise<void> {
    const ended = await this.revokeWhere(userId, because, 'id = $4', sessionId);
    if (!ended.length) throw new RecordNotFound('session', sessionId);
  }

  /** Ends every session of this user, and every one in which they see the system as somebody else. */
  async endAll(userId: string, because: Revocation): Promise<void> {
    await this.revokeWhere(userId, because, '$4::uuid is null', null);
  }

  /** Ends every session of this user but one. */
  async endOthers(userId: string, sessionId: string, because: Revocation): Promise<void> {
    await this.revokeWhere(userId, because, 'id <> $4', sessionId);
  }

  /** Makes all processes read a user's grants and teams anew; their sessions go on. */
  async reconsider(userIds: readonly string[]): Promise<void> {
    if (!userIds.length) return;
    const rows = await this.db.query<{ id: string }>(
      `select id from sessions where (user_id = any ($1::uuid[]) or impersonator_id = any ($1::uuid[])) and revoked_at is null
       union all select id from service_tokens where created_by = any ($1::uuid[]) and revoked_at is null`,
      [userIds],
    );
    await this.forget(rows.map(({ id }) => id));
  }

  /** After the commit, when a transaction is open: until then the old standing is the true one. */
  async forget(sessionIds: readonly string[]): Promise<void> {
    if (this.db.isInTransaction) this.db.afterCommit(() => this.standings.forget(sessionIds));
    else await this.standings.forget(sessionIds);
  }

  private async revokeWhere(
    userId: string,
    because: Revocation,
    condition: string,
    value: string | null,
  ): Promise<string[]> {
    const ids = await this.db.transaction(async () => {
      const rows = await this.db.query<{ id: string }>(
        `update sessions set revoked_at = $1, revoked_because = $2, version = version + 1
         where revoked_at is null and expires_at > $1 and ((user_id = $3 and ${condition}) or impersonator_session_id in
           (select id from sessions where user_id = $3 and revoked_at is null and ${condition})) returning id`,
        [this.clock.now(), because, userId, value],
      );
      const sessionIds = rows.map(({ id }) => id);
      if (!sessionIds.length) return sessionIds;
      await this.db.publish(SessionsRevoked({ userId, sessionIds, because }));
      await this.db.audit('users', userId, because, { after: { sessionIds } });
      return sessionIds;
    });
    await this.forget(ids);
    return ids;
  }

  /** The open ones. Those of a session that has ended stand on nothing any more: see `session_impersonation`. */
  private async impersonationsFrom(sessionId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      'select id from sessions where impersonator_session_id = $1 and revoked_at is null',
      [sessionId],
    );
    return rows.map(({ id }) => id);
  }

  private ownerOf(sessionId: string): Promise<Owner | undefined> {
    return runOutside(() => this.db.one<Owner>('select * from session_of_refresh($1)', [sessionId]));
  }

  private turn(sessionId: string, generation: number): Promise<Turn> {
    return this.db.transaction(async () => {
      const turn: { outcome: Refreshing } = { outcome: 'ended' };
      const session = await this.db.change(Session, sessionId, undefined, (found) => {
        turn.outcome = found.refresh(generation, this.config.JWT_REFRESH_EXPIRATION, this.clock.now());
      });
      if (turn.outcome === 'reused')
        await this.db.audit('users', session.userId, 'refresh_token_reused', { after: { sessionId, generation } });
      return { session, outcome: turn.outcome };
    });
  }

  private async remember({ userId }: Person, places: readonly Buffer[], now: Date): Promise<boolean> {
    const rows = await this.db.query<{ is_new: boolean }>(
      `insert into known_devices (user_id, device_hash, last_seen_at) select $1, place, $3 from unnest($2::bytea[]) place
       on conflict (tenant_id, user_id, device_hash) do update set last_seen_at = excluded.last_seen_at returning xmax = 0 as is_new`,
      [userId, places, now],
    );
    return rows.every((row) => row.is_new);
  }

  private tokensOf(session: Session): Tokens {
    const { tenantId, userId, id: sessionId, seed, generation } = session;
    return {
      accessToken: this.tokens.issue({ tenantId, userId, sessionId }),
      refreshToken: mintRefreshToken(this.config.JWT_REFRESH_SECRET, sessionId, seed, generation),
      expiresIn: this.tokens.lifeSeconds,
    };
  }
}
