import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SessionsRevoked, SessionStarted } from '../events.js';

export type Revocation =
  | 'logged_out'
  | 'logged_out_everywhere'
  | 'ended_by_user'
  | 'password_changed'
  | 'factor_added'
  | 'factor_reset'
  | 'deactivated'
  | 'suspended'
  | 'token_reused';

/** Two tabs that refresh at once, or an answer lost on its way: within this time the old token gets the same successor. */
const GRACE_MS = 10_000;
const ABSOLUTE_MS = 30 * 86_400_000;

export type Start = {
  userId: string;
  seed: Buffer;
  ip: string;
  userAgent: string;
  isNewDevice: boolean;
  slidingSeconds: number;
  isProven: boolean;
};
/** Whoever sees the system as somebody else, from which session of their own, and why. */
export type Impersonation = { impersonatorId: string; impersonatorSessionId: string; reason: string };
export type Refreshing = 'rotated' | 'repeated' | 'ended' | 'reused';

/**
 * One login and all refresh tokens that follow from it. A token names its generation; only the current one rotates.
 * One that is older than the grace allows was stolen, from us or by us: the whole session ends.
 */
@Entity('sessions')
export class Session extends Aggregate<Session> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly userId: string;
  @Column('bytea') readonly seed: Buffer;
  @Column('int') readonly generation: number;
  @Column('timestamptz') readonly rotatedAt: Date;
  /** When its person last showed the second factor, or the password where there is none. */
  @Column('timestamptz', { nullable: true }) readonly provenAt: Date | null;
  @Column('text') readonly ip: string;
  @Column('text') readonly userAgent: string;
  @Column('timestamptz') readonly startedAt: Date;
  @Column('timestamptz') readonly lastUsedAt: Date;
  @Column('timestamptz') readonly expiresAt: Date;
  @Column('timestamptz') readonly absoluteExpiresAt: Date;
  @Column('timestamptz', { nullable: true }) readonly revokedAt: Date | null;
  @Column('text', { nullable: true }) readonly revokedBecause: Revocation | null;
  @Column('uuid', { nullable: true }) readonly impersonatorId: string | null;
  @Column('uuid', { nullable: true }) readonly impersonatorSessionId: string | null;
  @Column('text', { nullable: true }) readonly impersonationReason: string | null;
  @Column('int') readonly version: number;

  /** For so many seconds at most, without a refresh token: nobody proves anything in it, and it ends with the other session. */
  static impersonate(
    { impersonatorId, impersonatorSessionId, reason }: Impersonation,
    start: Omit<Start, 'isProven' | 'isNewDevice'>,
    now: Date,
  ): Session {
    const expiresAt = new Date(now.getTime() + start.slidingSeconds * 1000);
    return Session.start({ ...start, isProven: false, isNewDevice: false }, now).change({
      ...{ impersonatorId, impersonatorSessionId, impersonationReason: reason },
      absoluteExpiresAt: expiresAt,
    });
  }

  static start({ slidingSeconds, isNewDevice, isProven, ...given }: Start, now: Date): Session {
    const absoluteExpiresAt = new Date(now.getTime() + ABSOLUTE_MS);
    const session = new Session().change({
      ...given,
      id: newId(),
      generation: 0,
      rotatedAt: now,
      provenAt: isProven ? now : null,
      startedAt: now,
      lastUsedAt: now,
      absoluteExpiresAt,
      expiresAt: sliding(now, slidingSeconds, absoluteExpiresAt),
      revokedAt: null,
      revokedBecause: null,
      impersonatorId: null,
      impersonatorSessionId: null,
      impersonationReason: null,
    });
    session.raise(SessionStarted({ sessionId: session.id, userId: given.userId, isNewDevice }));
    return session;
  }

  /** What the token of this generation brings about. `ended`: nothing, its session is over. */
  refresh(generation: number, slidingSeconds: number, now: Date): Refreshing {
    if (this.revokedAt || this.expiresAt <= now) return 'ended';
    if (generation === this.generation) {
      const expiresAt = sliding(now, slidingSeconds, this.absoluteExpiresAt);
      this.change({ generation: generation + 1, rotatedAt: now, lastUsedAt: now, expiresAt });
      return 'rotated';
    }
    const isRecent = now.getTime() - this.rotatedAt.getTime() < GRACE_MS;
    if (generation === this.generation - 1 && isRecent) return 'repeated';
    this.revoke('token_reused', now);
    return 'reused';
  }

  prove(now: Date): void {
    this.change({ provenAt: now });
  }

  revoke(because: Revocation, now: Date): void {
    if (this.revokedAt) return;
    this.change({ revokedAt: now, revokedBecause: because });
    this.raise(SessionsRevoked({ userId: this.userId, sessionIds: [this.id], because }));
  }
}

const sliding = (now: Date, seconds: number, atMost: Date): Date =>
  new Date(Math.min(now.getTime() + seconds * 1000, atMost.getTime()));
