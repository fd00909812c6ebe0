import { Clock, newId } from '@app/kernel';
import { currentTenantId, Database, onConstraint, TenantSuspended } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { SecurityNotices } from '../notices/security-notices.js';
import type { Person } from '../sessions/sessions.service.js';
import { EmailTaken } from '../users/user.errors.js';
import { UsersService } from '../users/users.service.js';
import type { Vouched } from './sso-answers.js';
import type { SsoProvider } from './sso-provider.entity.js';
import {
  SsoAccountExists,
  SsoDomainRefused,
  SsoEmailUnverified,
  SsoIdentityTaken,
  SsoNotProvisioned,
} from './sso.errors.js';

const PERSON = `select u.id as "userId", u.tenant_id as "tenantId",
    coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as name
  from sso_identities i join users u on u.tenant_id = i.tenant_id and u.id = i.user_id
  where i.issuer = $1 and i.subject = $2`;

const OWN_DOMAIN = 'select 1 from sso_domains where provider_id = $1 and domain = $2 and verified_at is not null';

const PROVISIONED = `select u.id from users u join scim_users s on s.tenant_id = u.tenant_id and s.user_id = u.id
  where u.tenant_id = app_tenant() and u.email = $1 and u.status = 'active' and u.password_hash is null
    and s.is_created and s.removed_at is null
    and not exists (select 1 from sso_identities i where i.tenant_id = u.tenant_id and i.user_id = u.id)
    and not exists (select 1 from passkeys k where k.tenant_id = u.tenant_id and k.user_id = u.id)`;

const identityTaken = onConstraint('sso_identities_subject_is_one', () => new SsoIdentityTaken());

/** Whose account an identity opens: the one that it was linked with, by issuer and subject. */
@Injectable()
export class SsoAccounts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly users: UsersService,
    private readonly notices: SecurityNotices,
  ) {}

  /** @throws SsoNotProvisioned, SsoEmailUnverified, SsoDomainRefused, SsoAccountExists, TenantSuspended */
  async personOf(provider: SsoProvider, vouched: Vouched): Promise<Person> {
    const known = (await this.find(vouched)) ?? (await this.provisioned(provider, vouched));
    if (known) return known;
    const email = await this.assertWelcome(provider, vouched);
    return this.bringIn(provider, vouched, email).catch(async (error: unknown) => {
      if (!(error instanceof EmailTaken || error instanceof SsoIdentityTaken)) throw error;
      const meanwhile = await this.find(vouched); // two tabs of one newcomer
      if (meanwhile) return meanwhile;
      throw new SsoAccountExists();
    });
  }

  /** @throws SsoIdentityTaken when it is somebody else's, TenantSuspended */
  async link(provider: SsoProvider, vouched: Vouched, userId: string): Promise<Person> {
    const known = await this.find(vouched);
    if (!known) await this.db.transaction(() => this.add(provider, vouched, userId)).catch(identityTaken);
    const person = await this.find(vouched);
    if (person?.userId !== userId) throw new SsoIdentityTaken();
    return person;
  }

  private find({ issuer, subject }: Vouched): Promise<Person | undefined> {
    return this.db.one<Person>(PERSON, [issuer, subject]);
  }

  /**
   * Somebody whom the directory made an account for, at their first login: nobody else has ever been in it, and the
   * provider may speak for the address. It is the only case in which an address leads to an account.
   */
  private async provisioned(provider: SsoProvider, vouched: Vouched): Promise<Person | undefined> {
    const { email } = vouched;
    if (!email || !vouched.isEmailVerified || !(await this.isOfOwnDomain(provider, email))) return undefined;
    const found = await this.db.one<{ id: string }>(PROVISIONED, [email]);
    if (!found) return undefined;
    return this.link(provider, vouched, found.id).catch((error: unknown) => {
      if (error instanceof SsoIdentityTaken) return undefined;
      throw error;
    });
  }

  private async isOfOwnDomain({ id }: SsoProvider, email: string): Promise<boolean> {
    const domain = email.slice(email.lastIndexOf('@') + 1);
    return (await this.db.one(OWN_DOMAIN, [id, domain])) !== undefined;
  }

  private async assertWelcome(provider: SsoProvider, { email, isEmailVerified }: Vouched): Promise<string> {
    if (!provider.provisions) throw new SsoNotProvisioned();
    if (!email || !isEmailVerified || !isEmail(email) || email.length > 254) throw new SsoEmailUnverified();
    if (!(await this.isOfOwnDomain(provider, email))) throw new SsoDomainRefused();
    return email;
  }

  private bringIn(provider: SsoProvider, vouched: Vouched, email: string): Promise<Person> {
    return this.db.transaction(async () => {
      await this.assertGoesOn();
      const rows = await this.db.query<{ id: string }>(
        'select role_id as id from sso_provider_roles where provider_id = $1',
        [provider.id],
      );
      const names = { firstName: nameIn(vouched.firstName), lastName: nameIn(vouched.lastName) };
      const newcomer = { email, ...(names.firstName ? names : {}) };
      const user = await this.users.create(
        newcomer,
        rows.map(({ id }) => id),
      );
      await this.write(provider, vouched, user.id).catch(identityTaken);
      return { tenantId: currentTenantId(), userId: user.id, name: user.name };
    });
  }

  private async add(provider: SsoProvider, vouched: Vouched, userId: string): Promise<void> {
    await this.assertGoesOn();
    await this.write(provider, vouched, userId);
    await this.notices.tell(userId, 'identity-linked');
  }

  /** The way back is a public route, which asks nobody whether the tenant stands still. */
  private async assertGoesOn(): Promise<void> {
    if (await this.db.one('select 1 where tenant_is_held(app_tenant())')) throw new TenantSuspended();
  }

  private async write({ id }: SsoProvider, { issuer, subject }: Vouched, userId: string): Promise<void> {
    await this.db.query(
      'insert into sso_identities (id, user_id, provider_id, issuer, subject, created_at) values ($1, $2, $3, $4, $5, $6)',
      [newId(), userId, id, issuer, subject, this.clock.now()],
    );
  }
}

/** One line of at most a hundred characters, as people write their own. */
const nameIn = (name = ''): string =>
  name
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 100);
