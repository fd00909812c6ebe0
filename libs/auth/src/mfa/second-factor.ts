import { Clock } from '@app/kernel';
import { Database, SecretsAtRest } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SecurityNotices } from '../notices/security-notices.js';
import { RecoveryCodes } from './recovery-codes.js';
import { totpStep } from './totp.js';
import { placeOfSecret, TotpFactor } from './totp-factor.entity.js';

/** What somebody shows of their second factor. The recovery code counts where there is no code. */
export type Proof = { readonly code?: string; readonly recoveryCode?: string };
/** By what somebody proved who they are. */
export type Factor = 'password' | 'sso' | 'totp' | 'recovery_code' | 'passkey';

export const kindOf = ({ code }: Proof): Factor => (code === undefined ? 'recovery_code' : 'totp');

// Of all who show one code at once, one finds the step still newer than the last.
const TAKE = `update totp_factors set last_step = $2, secret = $3, version = version + 1, updated_at = now()
  where id = $1 and confirmed_at is not null and last_step < $2 and secret = $4 returning 1`;

const IN_FORCE = `select 1 from totp_factors where id = $1 and confirmed_at is not null
  union all select 1 from passkeys where user_id = $1 limit 1`;

/** Judges codes, each of which counts once. Who may try, and how often, is for the caller to say. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly secrets: SecretsAtRest,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly notices: SecurityNotices,
  ) {}

  /** One-time codes, or a passkey. */
  async isInForce(userId: string): Promise<boolean> {
    return (await this.db.one(IN_FORCE, [userId])) !== undefined;
  }

  /** Uses up what is shown, in the open transaction; undefined when it is worth nothing. */
  async accept(userId: string, { code, recoveryCode }: Proof): Promise<Factor | undefined> {
    if (code !== undefined) return (await this.takeCode(userId, code)) ? 'totp' : undefined;
    if (recoveryCode === undefined || !(await this.isInForce(userId))) return undefined;
    if (!(await this.recoveryCodes.use(userId, recoveryCode))) return undefined;
    await this.notices.tell(userId, 'recovery-code-used');
    return 'recovery_code';
  }

  /** The secret is sealed anew on the way when the encryption key has changed since. */
  private async takeCode(userId: string, code: string): Promise<boolean> {
    const factor = await this.db.find(TotpFactor, userId);
    if (!factor?.confirmedAt) return false;
    const place = placeOfSecret(factor.tenantId, userId);
    const secret = this.secrets.open(factor.secret, place);
    const step = totpStep(secret, code, this.clock.now());
    if (step === undefined || step <= factor.lastStep) return false;
    const sealed = this.secrets.isCurrent(factor.secret) ? factor.secret : this.secrets.seal(secret, place);
    return (await this.db.query(TAKE, [userId, step, sealed, factor.secret])).length === 1;
  }
}
