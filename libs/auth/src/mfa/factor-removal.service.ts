import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Origin } from '../sessions/login-throttle.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { FactorChanges } from './factor-changes.js';
import { CodeNeeded, NoFactorBegun } from './mfa.errors.js';
import { OwnProof, type OwnProofGiven } from './own-proof.js';
import { TotpFactor } from './totp-factor.entity.js';

/** The second factor of whoever acts goes: by a code of it, or a recovery code. */
@Injectable()
export class FactorRemoval {
  constructor(
    private readonly db: Database,
    private readonly proof: OwnProof,
    private readonly changes: FactorChanges,
  ) {}

  /**
   * The password is not enough: with it and a stolen session the factor would protect nothing that asks for a fresh proof.
   * @throws NoFactorBegun, CodeNeeded, CodeRefused, LoginDelayed
   */
  async remove(given: OwnProofGiven, origin: Origin): Promise<void> {
    const { id } = currentUser();
    if (!(await this.db.find(TotpFactor, id))) throw new NoFactorBegun();
    if (given.password !== undefined) throw new CodeNeeded();
    await this.proof.demand(given, origin, async () => {
      const factor = await this.db.lock(TotpFactor, id);
      factor.remove();
      await this.db.remove(factor);
      await this.changes.removed(id, 'factor-removed');
      return factor;
    });
  }
}
