import { randomBytes } from 'node:crypto';
import { Clock } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AccessTokens } from '../access/access-tokens.js';
import { SecurityNotices } from '../notices/security-notices.js';
import type { Caller } from '../sessions/origin.js';
import { Session } from '../sessions/session.entity.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { HOLD_ACTIVE_USER } from '../users/user-lock.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { ImpersonatedInactive, ImpersonatesSelf } from './impersonation.errors.js';

const LIFE_SECONDS = 900;

export type Begun = { readonly userId: string; readonly accessToken: string; readonly expiresIn: number };

/** Seeing the system as somebody else does: for a while, for a reason, on record, and told to them. */
@Injectable()
export class ImpersonationService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly users: UsersService,
    private readonly tokens: AccessTokens,
    private readonly notices: SecurityNotices,
  ) {}

  /**
   * A session as that user, of whoever acts, that lasts no longer than theirs, their account and their rights over that of
   * the user: see `NexusAuthenticator`. @throws RecordNotFound, ImpersonatesSelf, ImpersonatedInactive, ExceedsOwnGrants, UsersOnly
   */
  async begin(userId: string, reason: string, from: Caller): Promise<Begun> {
    const { id: impersonatorId, sessionId } = currentUser();
    if (userId === impersonatorId) throw new ImpersonatesSelf();
    await this.db.get(User, userId);
    await this.users.assertMayTouch(userId);
    const by = { impersonatorId, impersonatorSessionId: sessionId ?? '', reason };
    const start = { userId, seed: randomBytes(32), ...from, slidingSeconds: LIFE_SECONDS };
    const session = await this.db.transaction(async () => {
      if (!(await this.db.one(HOLD_ACTIVE_USER, [userId]))) throw new ImpersonatedInactive();
      const opened = await this.db.create(Session.impersonate(by, start, this.clock.now()));
      await this.db.audit('users', userId, 'impersonated', { after: { reason, sessionId: opened.id, ...from } });
      await this.notices.tell(userId, 'viewed-as', opened.id);
      return opened;
    });
    const accessToken = this.tokens.issue({ userId, tenantId: session.tenantId, sessionId: session.id }, LIFE_SECONDS);
    return { userId, accessToken, expiresIn: Math.min(LIFE_SECONDS, this.tokens.lifeSeconds) };
  }
}
