import { Clock } from '@app/kernel';
import { currentActor, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SessionsService } from '../sessions/sessions.service.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { FactorChanges } from './factor-changes.js';
import { VOID_CHALLENGES } from './mfa-challenges.js';
import { NoFactorBegun, OwnFactorReset } from './mfa.errors.js';
import { TotpFactor } from './totp-factor.entity.js';

/** For somebody who lost the device and the recovery codes: another person lets them begin again. */
@Injectable()
export class FactorReset {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly changes: FactorChanges,
  ) {}

  /**
   * Removes it with its recovery codes, ends all sessions and begun logins, and tells its owner by mail.
   * @throws RecordNotFound, NoFactorBegun, OwnFactorReset, ExceedsOwnGrants
   */
  async reset(userId: string): Promise<void> {
    if (userId === currentActor().id) throw new OwnFactorReset();
    await this.db.get(User, userId);
    await this.users.assertMayTouch(userId);
    await this.db.transaction(async () => {
      await this.removeTotp(userId);
      await this.db.query(VOID_CHALLENGES, [userId, this.clock.now()]);
      await this.sessions.endAll(userId, 'factor_reset');
      await this.db.audit('users', userId, 'factor_reset', { after: { factor: 'totp' } });
      await this.changes.removed(userId, 'factor-reset');
    });
  }

  private async removeTotp(userId: string): Promise<void> {
    const factor = await this.db.lock(TotpFactor, userId).catch(noFactor);
    factor.remove();
    await this.db.remove(factor);
  }
}

const noFactor = (error: unknown): never => {
  throw error instanceof RecordNotFound ? new NoFactorBegun() : error;
};
