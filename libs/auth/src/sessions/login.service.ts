import { currentRequestId, Database, runAs, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { CaptchaService } from '../captcha/captcha.service.js';
import { User } from '../users/user.entity.js';
import { type Candidate, LoginThrottle, type Origin } from './login-throttle.js';
import { SsoRequired } from '../sso/sso.errors.js';
import { Admission, type Admitted } from './admission.js';
import { actingPerson, type Person } from './sessions.service.js';
import { LoginRefused, TenantRequired } from './sessions.errors.js';

type Standing = { readonly hash: string | null; readonly isBreakGlass: boolean; readonly isSsoRequired: boolean };

const HOLD_STANDING = `select u.password_hash as hash, u.is_break_glass as "isBreakGlass",
    exists(select 1 from sso_providers p where p.tenant_id = u.tenant_id and p.is_enabled and p.is_required) as "isSsoRequired"
  from users u where u.id = $1 and u.status = 'active' for share of u`;

export type Knock = {
  readonly identifier: string;
  readonly password: string;
  readonly tenant?: string;
  /** The answer of a captcha, where one was asked for. */
  readonly captcha?: string;
};

@Injectable()
export class LoginService {
  constructor(
    private readonly db: Database,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly admission: Admission,
    private readonly captchas: CaptchaService,
  ) {}

  /** A session, or the challenge to show the second factor as well. @throws LoginRefused, LoginDelayed, CaptchaRequired, TenantRequired, SsoRequired, TooManyWaiting */
  async login({ identifier, password, tenant, captcha }: Knock, origin: Origin): Promise<Admitted> {
    const name = identifier.trim().toLowerCase();
    const candidates = await runOutside(() =>
      this.db.query<Candidate>('select * from login_candidates($1, $2)', [name, tenant ?? null]),
    );
    const counters = this.throttle.countersOf(name, origin, candidates);
    await this.captchas.assertShownAfterFailures(counters, captcha, origin);
    const fitting = await this.hasher.inTurn(async () => {
      await this.throttle.assertOpen(counters);
      const found = await this.fitting(candidates, password);
      if (!found.length) await this.throttle.failed(counters, origin, candidates);
      return found;
    });
    const [first] = fitting;
    if (!first) throw new LoginRefused();
    if (fitting.length > 1) throw new TenantRequired();
    const person = { tenantId: first.tenant_id, userId: first.user_id, name: first.name };
    return runAs(actingPerson(person), currentRequestId(), async () => {
      await this.throttle.passed(counters);
      const admitted = await this.db.transaction(() => this.admit(first, password, person, origin));
      await this.modernise(first, password);
      return admitted;
    });
  }

  /**
   * Between the look at the password and here another one may have been chosen, or a second factor confirmed, and all
   * sessions ended that the former state had opened: this one is opened by the state that is, held until it is there.
   */
  private async admit(seen: Candidate, password: string, person: Person, origin: Origin): Promise<Admitted> {
    const now = await this.db.one<Standing>(HOLD_STANDING, [person.userId]);
    const isSame = now && (now.hash === seen.password_hash || (await this.hasher.matches(now.hash, password)));
    if (!isSame) throw new LoginRefused();
    if (now.isSsoRequired) await this.breakGlass(now, person, origin);
    return this.admission.admit(person, origin, 'password');
  }

  private async breakGlass({ isBreakGlass }: Standing, { userId }: Person, origin: Origin): Promise<void> {
    if (!isBreakGlass) throw new SsoRequired();
    const { ip, userAgent } = origin;
    await this.db.audit('users', userId, 'broke_glass', { after: { ip, userAgent } });
  }

  private async fitting(candidates: readonly Candidate[], password: string): Promise<Candidate[]> {
    if (!candidates.length) await this.hasher.matches(null, password);
    const found: Candidate[] = [];
    for (const candidate of candidates)
      if (await this.hasher.matches(candidate.password_hash, password)) found.push(candidate);
    return found;
  }

  /** A hash made with yesterday's parameters is replaced while its password is at hand. */
  private async modernise({ user_id: userId, password_hash: stored }: Candidate, password: string): Promise<void> {
    if (!stored || !this.hasher.isOutdated(stored)) return;
    const fresh = await this.hasher.inTurn(() => this.hasher.hash(password));
    await this.db.change(User, userId, undefined, (user) => {
      if (user.passwordHash === stored) user.rehash(fresh); // else another one was chosen meanwhile
    });
  }
}
