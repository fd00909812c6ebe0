import { currentRequestId, currentScope, Database, runAsSystem } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PasswordResets } from '../passwords/password-resets.service.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { Bootstrap } from '../tenants/bootstrap.js';
import type { UserView } from './users.dto.js';
import type { NewUser } from './user.entity.js';
import { UsersQueries } from './users.queries.js';
import { UsersService } from './users.service.js';

export type Newcomer = Omit<NewUser, 'passwordHash'> & { password?: string; roles?: readonly string[] };
type First = Newcomer & { company?: string; bootstrapToken?: string };

/** New people: with a password, or with a mail that lets them choose one. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly resets: PasswordResets,
    private readonly queries: UsersQueries,
  ) {}

  /** @throws EmailTaken, UsernameTaken, PasswordRefused, RoleUnknown, ExceedsOwnGrants */
  async register({ password, roles = [], ...person }: Newcomer): Promise<UserView> {
    const passwordHash = password === undefined ? null : await this.passwords.prepare(password, person);
    const id = await this.db.transaction(async () => {
      const user = await this.users.create({ ...person, passwordHash }, roles);
      if (!passwordHash) await this.resets.invite(user);
      return user.id;
    });
    return this.queries.view(id);
  }
}

/** POST /auth/register: for those who may, and once for the first user of an empty install, who becomes its administrator. */
@Injectable()
export class SignUp {
  constructor(
    private readonly registration: RegistrationService,
    private readonly bootstrap: Bootstrap,
    private readonly passwords: PasswordsService,
    private readonly queries: UsersQueries,
  ) {}

  /** The guard let nobody through who neither may nor is the first. */
  async signUp({ company, bootstrapToken: _, ...newcomer }: First): Promise<UserView> {
    if (currentScope()?.actor) return this.registration.register(newcomer);
    const { password = '', roles: __, ...person } = newcomer;
    const passwordHash = await this.passwords.prepare(password, person);
    const { id, tenantId } = await this.bootstrap.firstUser({ ...person, company, passwordHash });
    return runAsSystem(tenantId, 'auth.tenants', currentRequestId(), () => this.queries.view(id));
  }
}
