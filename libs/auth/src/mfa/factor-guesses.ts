import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SecurityNotices } from '../notices/security-notices.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { type Counter, LoginThrottle, type Origin } from '../sessions/login-throttle.js';
import type { Factor } from './second-factor.js';

type Guess = {
  readonly userId: string;
  readonly origin: Origin;
  readonly factor: Factor;
  /** Then it is nobody yet who tries: the trail shows a refused login. */
  readonly isLogin?: boolean;
};

const WORTH_TELLING = 5;

/**
 * Codes are six digits: guessing them is slowed down as guessing passwords is, by turns and with the same waits, in
 * counters of their own, so that a right password forgives no wrong code.
 */
@Injectable()
export class FactorGuesses {
  constructor(
    private readonly db: Database,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly notices: SecurityNotices,
  ) {}

  /** Runs one try of the person who acts; `check` answers undefined when it was wrong. @throws LoginDelayed, TooManyWaiting */
  try<T>(guess: Guess, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const { userId, origin } = guess;
    return this.hasher.inTurn(async () => {
      const counters = this.throttle.countersOf(`factor of ${userId}`, origin, await this.placesOf(userId));
      await this.throttle.assertOpen(counters);
      const found = await check();
      if (found === undefined) await this.refused(counters, guess);
      else await this.throttle.passed(counters);
      return found;
    });
  }

  private async refused(counters: readonly Counter[], { userId, origin, factor, isLogin }: Guess): Promise<void> {
    const whom = isLogin ? [{ tenant_id: currentTenantId(), user_id: userId }] : [];
    await this.throttle.failed(counters, origin, whom, factor);
    if (isLogin) await this.warn(userId, counters);
    const { ip, userAgent } = origin;
    if (!isLogin) await this.db.audit('users', userId, 'factor_refused', { after: { factor, ip, userAgent } });
  }

  /** Whoever guesses codes at a login knows the password: its owner changes it, once they hear of it. */
  private async warn(userId: string, counters: readonly Counter[]): Promise<void> {
    if ((await this.throttle.failuresOf(counters)) < WORTH_TELLING) return;
    await this.db.transaction(() => this.notices.tellDaily(userId, 'codes-refused'));
  }

  private async placesOf(userId: string) {
    const rows = await this.db.query<{ device_hash: Buffer }>(
      'select device_hash from known_devices where user_id = $1',
      [userId],
    );
    return [{ known_devices: rows.map(({ device_hash: hash }) => hash) }];
  }
}
