import { currentRequestId, Database, runAs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Origin } from '../sessions/login-throttle.js';
import { actingPerson, type Opened, type Person, SessionsService } from '../sessions/sessions.service.js';
import { FactorGuesses } from './factor-guesses.js';
import { type Challenged, MfaChallenges } from './mfa-challenges.js';
import { ChallengeOver, FactorRefused } from './mfa.errors.js';
import { kindOf, type Proof, SecondFactor } from './second-factor.js';

type Admitted = Opened & { person: Person };

/** The second half of a login. */
@Injectable()
export class MfaLogin {
  constructor(
    private readonly db: Database,
    private readonly challenges: MfaChallenges,
    private readonly secondFactor: SecondFactor,
    private readonly guesses: FactorGuesses,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws ChallengeOver, FactorRefused, LoginDelayed, TooManyWaiting */
  async login(mfaToken: string, proof: Proof, origin: Origin): Promise<Admitted> {
    const found = await this.challenges.of(mfaToken);
    if (!found) throw new ChallengeOver();
    const person = { tenantId: found.tenant_id, userId: found.user_id, name: found.name };
    return runAs(actingPerson(person), currentRequestId(), async () => {
      const guess = { userId: person.userId, origin, factor: kindOf(proof), isLogin: true };
      const admitted = await this.guesses.try(guess, () => this.judge(found, person, proof, origin));
      if (!admitted) throw new FactorRefused();
      return admitted;
    });
  }

  private async judge(
    { challenge_id: id }: Challenged,
    person: Person,
    proof: Proof,
    origin: Origin,
  ): Promise<Admitted | undefined> {
    if (!(await this.challenges.try(id))) throw new ChallengeOver();
    return this.db.transaction(async () => {
      const factor = await this.secondFactor.accept(person.userId, proof);
      if (!factor) return undefined;
      if (!(await this.challenges.use(id))) throw new ChallengeOver(); // and what was shown stays unused
      return { ...(await this.sessions.open(person, origin, factor)), person };
    });
  }
}
