import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { WrongPassword } from '../passwords/passwords.errors.js';
import type { Origin } from '../sessions/login-throttle.js';
import { User } from '../users/user.entity.js';
import { FactorGuesses } from './factor-guesses.js';
import { CodeRefused } from './mfa.errors.js';
import { type Factor, kindOf, type Proof, SecondFactor } from './second-factor.js';

/** What somebody who is logged in shows once more. The first that is given counts: password, code, recovery code. */
export type OwnProofGiven = Proof & { readonly password?: string };

/** Lets somebody do what a stolen session alone must not: whoever acts shows again that it is them. */
@Injectable()
export class OwnProof {
  constructor(
    private readonly db: Database,
    private readonly hasher: PasswordHasher,
    private readonly secondFactor: SecondFactor,
    private readonly guesses: FactorGuesses,
  ) {}

  /**
   * Runs `work` in the transaction that uses up what was shown.
   * @throws WrongPassword, CodeRefused, LoginDelayed, TooManyWaiting
   */
  async demand<T extends object>(
    given: OwnProofGiven,
    origin: Origin,
    work: (factor: Factor) => Promise<T>,
  ): Promise<T> {
    const { id: userId } = currentActor();
    const factor = given.password === undefined ? kindOf(given) : 'password';
    const done = await this.guesses.try({ userId, origin, factor }, () =>
      factor === 'password' ? this.byPassword(userId, given.password ?? '', work) : this.byCode(userId, given, work),
    );
    if (done) return done;
    if (factor === 'password') throw new WrongPassword('/password');
    throw new CodeRefused(factor === 'totp' ? '/code' : '/recoveryCode');
  }

  private async byPassword<T>(
    userId: string,
    password: string,
    work: (factor: Factor) => Promise<T>,
  ): Promise<T | undefined> {
    const { passwordHash } = await this.db.get(User, userId);
    const isRight = await this.hasher.matches(passwordHash, password);
    return isRight ? this.db.transaction(() => work('password')) : undefined;
  }

  private byCode<T>(userId: string, proof: Proof, work: (factor: Factor) => Promise<T>): Promise<T | undefined> {
    return this.db.transaction(async () => {
      const factor = await this.secondFactor.accept(userId, proof);
      return factor && work(factor);
    });
  }
}
