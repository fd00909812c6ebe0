import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Notice, SecurityNotices } from '../notices/security-notices.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { HOLD_USER } from '../users/user-lock.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactor } from './second-factor.js';

/** What follows from a second factor that came or went, in the transaction that it came or went in. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsService,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly secondFactor: SecondFactor,
    private readonly notices: SecurityNotices,
  ) {}

  /**
   * Every other session of the person is over: one that was opened by the password alone must not live on behind the second
   * factor. The row of the person is held, so that a login that is about to open one waits and then finds the factor.
   * Answers recovery codes where there are none left, the only time that they are shown.
   */
  async added(userId: string, sessionId: string): Promise<string[]> {
    await this.db.query(HOLD_USER, [userId]);
    await this.sessions.endOthers(userId, sessionId, 'factor_added');
    await this.sessions.reconsider([userId]);
    await this.notices.tell(userId, 'factor-added');
    return (await this.recoveryCodes.left(userId)) ? [] : this.recoveryCodes.issue(userId);
  }

  /** The recovery codes go with the last factor. */
  async removed(userId: string, notice: Notice): Promise<void> {
    if (!(await this.secondFactor.isInForce(userId))) await this.recoveryCodes.void(userId);
    await this.sessions.reconsider([userId]);
    await this.notices.tell(userId, notice);
  }
}
