import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Challenge, MfaChallenges } from '../mfa/mfa-challenges.js';
import type { Factor } from '../mfa/second-factor.js';
import { HOLD_ACTIVE_USER } from '../users/user-lock.js';
import type { Origin } from './login-throttle.js';
import { LoginRefused } from './sessions.errors.js';
import { type Opened, type Person, SessionsService } from './sessions.service.js';

/** A session, or the challenge to show the second factor as well. */
export type Admitted = (Opened & { readonly person: Person }) | Challenge;

/** What a first factor is worth. */
@Injectable()
export class Admission {
  constructor(
    private readonly db: Database,
    private readonly challenges: MfaChallenges,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * As the person who acts, who showed `factor`: `isProven` unless that may have been long ago. Their row is held until the session is there: whoever confirms a second factor or chooses another
   * password at this moment ends it too, or is found here. @throws LoginRefused for somebody who was deactivated meanwhile
   */
  admit(person: Person, origin: Origin, factor: Factor, isProven = true): Promise<Admitted> {
    return this.db.transaction(async () => {
      if (!(await this.db.one(HOLD_ACTIVE_USER, [person.userId]))) throw new LoginRefused();
      const challenge = await this.challenges.openFor(person.userId);
      return challenge ?? { ...(await this.sessions.open(person, origin, factor, isProven)), person };
    });
  }
}
