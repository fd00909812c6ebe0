import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { LoginThrottle, type Origin } from '../sessions/login-throttle.js';
import type { Factor } from './second-factor.js';

type Guess = { readonly userId: string; readonly origin: Origin; readonly factor: Factor };

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
  ) {}

  /** Runs one try of the person who acts; `check` answers undefined when it was wrong. @throws LoginDelayed, TooManyWaiting */
  try<T>({ userId, origin, factor }: Guess, check: () => Promise<T | undefined>): Promise<T | undefined> {
    return this.hasher.inTurn(async () => {
      const counters = this.throttle.countersOf(`factor of ${userId}`, origin, await this.placesOf(userId));
      await this.throttle.assertOpen(counters);
      const found = await check();
      if (found !== undefined) await this.throttle.passed(counters);
      else {
        await this.throttle.failed(counters, origin, []);
        const { ip, userAgent } = origin;
        await this.db.audit('users', userId, 'factor_refused', { after: { factor, ip, userAgent } });
      }
      return found;
    });
  }

  private async placesOf(userId: string) {
    const rows = await this.db.query<{ device_hash: Buffer }>(
      'select device_hash from known_devices where user_id = $1',
      [userId],
    );
    return [{ known_devices: rows.map(({ device_hash: hash }) => hash) }];
  }
}
