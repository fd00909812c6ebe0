import { currentActor, Database, onConstraint } from '@app/platform';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { assertCovered } from '../access/grants.js';
import { VOID_CHALLENGES } from '../mfa/mfa-challenges.js';
import { VOID_CODES } from '../passwords/passwords.service.js';
import { RoleAssignments } from '../roles/role-assignments.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Administrators } from './administrators.js';
import { EmailTaken, UsernameTaken } from './user.errors.js';
import { type NewUser, type ProfileFields, User, type UserFields } from './user.entity.js';

const emailTaken = onConstraint('users_email_is_free', () => new EmailTaken());
const usernameTaken = onConstraint('users_username_is_free', () => new UsernameTaken());

/** People of the tenant. Nobody touches somebody who may do what they may not. */
@Injectable()
export class UsersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly roles: RoleAssignments,
    private readonly administrators: Administrators,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws EmailTaken, UsernameTaken, RoleUnknown, ExceedsOwnGrants */
  create(given: NewUser, roles: readonly string[]): Promise<User> {
    return this.db.transaction(async () => {
      const made = this.db.create(User.create(given, this.clock.now()));
      const user = await made.catch(emailTaken).catch(usernameTaken);
      await this.roles.give(user.id, roles);
      return user;
    });
  }

  /** @throws as `amend`, ExceedsOwnGrants */
  async edit(id: string, version: number | undefined, fields: Partial<UserFields>): Promise<void> {
    await this.assertMayTouch(id);
    await this.amend(id, version, fields);
  }

  /**
   * Whoever asks has made sure that the actor may touch this person. A code that was mailed to the former address opens
   * nothing any more: the address may have been somebody else's. @throws EmailTaken, UsernameTaken
   */
  async amend(id: string, version: number | undefined, fields: Partial<UserFields>): Promise<void> {
    const edited = this.db.transaction(async () => {
      let former = '';
      const { email } = await this.db.change(User, id, version, (user) => {
        former = user.email;
        user.edit(fields);
      });
      if (email !== former) await this.db.query(VOID_CODES, [id, this.clock.now()]);
    });
    await edited.catch(emailTaken).catch(usernameTaken);
    await this.sessions.reconsider([id]);
  }

  async editOwnProfile(version: number | undefined, fields: Partial<ProfileFields>): Promise<void> {
    const { id } = currentUser();
    await this.db.change(User, id, version, (user) => user.edit(fields));
    await this.sessions.reconsider([id]);
  }

  /** @throws as `close`, ExceedsOwnGrants */
  async deactivate(id: string, version?: number): Promise<void> {
    await this.assertMayTouch(id);
    await this.close(id, version);
  }

  /**
   * Whoever asks has made sure that the actor may touch this person. Ends all of their sessions, and the logins that they
   * began; what is theirs stays theirs until others take it. @throws LastAdministrator
   */
  async close(id: string, version?: number): Promise<void> {
    await this.administrators.keepOne(async () => {
      await this.db.change(User, id, version, (user) => user.deactivate());
      await this.db.query(VOID_CODES, [id, this.clock.now()]);
      await this.db.query(VOID_CHALLENGES, [id, this.clock.now()]);
      await this.sessions.endAll(id, 'deactivated');
    });
  }

  async activate(id: string, version?: number): Promise<void> {
    await this.assertMayTouch(id);
    await this.reopen(id, version);
  }

  /** Whoever asks has made sure that the actor may touch this person. */
  async reopen(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.change(User, id, version, (user) => user.activate());
      await this.db.query('update scim_users set is_closed = false where user_id = $1 and is_closed', [id]);
    });
  }

  /** @throws ExceedsOwnGrants for somebody who may do what the actor may not */
  async assertMayTouch(id: string): Promise<void> {
    assertCovered(currentActor(), await this.roles.grantsOf(id));
  }
}
