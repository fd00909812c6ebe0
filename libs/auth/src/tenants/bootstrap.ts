import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Config, Database, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PasswordsService } from '../passwords/passwords.service.js';
import type { NewUser } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { TenantsService } from './tenants.service.js';

const FIRST_TENANT = 'main';
const ADMINISTRATOR = 'Administrator';

export type SeededAdmin = {
  created: boolean;
  email: string;
  username: string;
  password: string | null;
  tenant: string;
};
type First = NewUser & { company?: string };

/** How an empty install gets its first tenant and its first user: there is no default account and no default password. */
@Injectable()
export class Bootstrap {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
    private readonly tenants: TenantsService,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
  ) {}

  async isDue(): Promise<boolean> {
    const row = await runOutside(() => this.db.one<{ empty: boolean }>('select install_is_empty() as empty'));
    return row?.empty ?? false;
  }

  /** Opens POST /auth/register to the first user in production; once there is one it opens nothing. */
  get token(): string {
    return createHmac('sha256', this.config.JWT_REFRESH_SECRET).update('nexus bootstrap').digest('base64url');
  }

  isAllowed(token: string | undefined): boolean {
    if (this.config.NODE_ENV !== 'production') return true;
    const [given, wanted] = [Buffer.from(token ?? ''), Buffer.from(this.token)];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  /** Two at once: the tenant's slug lets one through. Answers the user's id. @throws SlugTaken */
  firstUser({ company = 'Main', ...user }: First): Promise<{ id: string; tenantId: string }> {
    return this.tenants.found({ slug: FIRST_TENANT, title: company, zone: user.zone }, async () => {
      const { id, tenantId } = await this.users.create(user, [ADMINISTRATOR]);
      return { id, tenantId };
    });
  }

  /** The administrator of a fresh install, who must choose another password; changes nothing where there are users. */
  async seedAdmin(given: { email?: string; password?: string } = {}): Promise<SeededAdmin> {
    const email = given.email ?? 'admin@localhost';
    const seeded = { email, username: 'admin', tenant: FIRST_TENANT };
    if (!(await this.isDue())) return { ...seeded, created: false, password: null };
    const password = given.password ?? randomBytes(15).toString('base64url');
    const passwordHash = await this.passwords.prepare(password, seeded);
    await this.firstUser({
      email,
      username: 'admin',
      firstName: 'Administrator',
      passwordHash,
      mustChangePassword: true,
    });
    return { ...seeded, created: true, password };
  }
}
