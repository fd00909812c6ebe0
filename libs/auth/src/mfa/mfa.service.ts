import { Clock } from '@app/kernel';
import { Database, onConstraint, SecretsAtRest } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { currentUser } from '../sessions/sessions.queries.js';
import { CodeRefused, FactorExists, NoFactorBegun } from './mfa.errors.js';
import { FactorChanges } from './factor-changes.js';
import { newTotpSecret, totpStep, totpUri } from './totp.js';
import { placeOfSecret, TotpFactor } from './totp-factor.entity.js';

type Label = { issuer: string; account: string };

const LABEL = `select t.title as issuer, u.email as account from users u join tenants t on t.tenant_id = u.tenant_id and t.id = u.tenant_id
  where u.id = $1`;

/** One-time codes of whoever acts: begun and confirmed. */
@Injectable()
export class MfaService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly secrets: SecretsAtRest,
    private readonly changes: FactorChanges,
  ) {}

  /** The only time that the secret is shown. Begun again, the former secret is void. @throws FactorExists */
  async begin(): Promise<{ secret: string; uri: string }> {
    const { id, tenantId } = currentUser();
    const secret = newTotpSecret();
    const sealed = this.secrets.seal(secret, placeOfSecret(tenantId, id));
    const again = (): Promise<TotpFactor> =>
      this.db.change(TotpFactor, id, undefined, (factor) => factor.beginAgain(sealed));
    if (await this.db.find(TotpFactor, id)) await again();
    else
      await this.db
        .create(TotpFactor.begin(id, sealed))
        .catch(onConstraint('totp_factors_pkey', () => new FactorExists())) // begun twice at once
        .catch((error: unknown) => (error instanceof FactorExists ? again() : Promise.reject(error as Error)));
    const label = await this.db.one<Label>(LABEL, [id]);
    return { secret, uri: totpUri(secret, label as Label) };
  }

  /**
   * In force from the commit on, and every other session of the person is over. Answers the recovery codes, the only time that they are shown.
   * @throws NoFactorBegun, FactorExists, CodeRefused
   */
  confirm(code: string): Promise<string[]> {
    const { id, tenantId, sessionId } = currentUser();
    return this.db.transaction(async () => {
      if (!(await this.db.find(TotpFactor, id))) throw new NoFactorBegun();
      const factor = await this.db.lock(TotpFactor, id);
      if (factor.confirmedAt) throw new FactorExists();
      const now = this.clock.now();
      const step = totpStep(this.secrets.open(factor.secret, placeOfSecret(tenantId, id)), code, now);
      if (step === undefined) throw new CodeRefused();
      factor.confirm(step, now);
      await this.db.save(factor);
      return this.changes.added(id, sessionId ?? '');
    });
  }
}
