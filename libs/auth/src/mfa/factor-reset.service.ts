import { Clock } from '@app/kernel';
import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Passkey } from '../passkeys/passkey.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { FactorChanges } from './factor-changes.js';
import { VOID_CHALLENGES } from './mfa-challenges.js';
import { NoFactorBegun, OwnFactorReset } from './mfa.errors.js';
import type { Factor } from './second-factor.js';
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
   * Removes codes, passkeys and recovery codes, ends all sessions and begun logins, and tells its owner by mail.
   * @throws RecordNotFound, NoFactorBegun, OwnFactorReset, ExceedsOwnGrants
   */
  async reset(userId: string): Promise<void> {
    if (userId === currentActor().id) throw new OwnFactorReset();
    await this.db.get(User, userId);
    await this.users.assertMayTouch(userId);
    await this.db.transaction(async () => {
      const factors = [...(await this.removeTotp(userId)), ...(await this.removePasskeys(userId))];
      if (!factors.length) throw new NoFactorBegun();
      await this.db.query(VOID_CHALLENGES, [userId, this.clock.now()]);
      await this.sessions.endAll(userId, 'factor_reset');
      await this.db.audit('users', userId, 'factor_reset', { after: { factors } });
      await this.changes.removed(userId, 'factor-reset');
    });
  }

  private async removeTotp(userId: string): Promise<Factor[]> {
    if (!(await this.db.find(TotpFactor, userId))) return [];
    const factor = await this.db.lock(TotpFactor, userId);
    if (!factor.confirmedAt) return [];
    factor.remove();
    await this.db.remove(factor);
    return ['totp'];
  }

  private async removePasskeys(userId: string): Promise<Factor[]> {
    const passkeys = await this.db.findWhere(Passkey, 'user_id = $1', [userId]);
    for (const passkey of passkeys) {
      passkey.remove();
      await this.db.remove(passkey);
    }
    return passkeys.map(() => 'passkey');
  }
}
