import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SecurityNotices } from '../notices/security-notices.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { HOLD_USER } from '../users/user-lock.js';
import { NoFactorBegun } from './mfa.errors.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactor } from './second-factor.js';

/** Another ten codes for whoever acts, whose former ones are used up, lost or seen by others. */
@Injectable()
export class RecoveryCodeReissue {
  constructor(
    private readonly db: Database,
    private readonly secondFactor: SecondFactor,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly notices: SecurityNotices,
  ) {}

  /** The only time that they are shown. Of two who ask at once, the codes of the later one count. @throws NoFactorBegun */
  reissue(): Promise<string[]> {
    const { id } = currentUser();
    return this.db.transaction(async () => {
      await this.db.query(HOLD_USER, [id]);
      if (!(await this.secondFactor.isInForce(id))) throw new NoFactorBegun();
      const codes = await this.recoveryCodes.issue(id);
      await this.db.audit('users', id, 'recovery_codes_reissued');
      await this.notices.tell(id, 'recovery-codes-reissued');
      return codes;
    });
  }
}
