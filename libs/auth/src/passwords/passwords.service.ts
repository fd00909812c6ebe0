import { Clock } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { VOID_CHALLENGES } from '../mfa/mfa-challenges.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { type Person, SessionsService } from '../sessions/sessions.service.js';
import { User } from '../users/user.entity.js';
import { LeakedPasswords } from './leaked-passwords.js';
import { assertAcceptable, type Owner, PasswordLeaked } from './password.policy.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordUnchanged, WrongPassword } from './passwords.errors.js';

/** Every code that was mailed to this user for a password is void from now on. */
export const VOID_CODES = 'update password_resets set used_at = $2 where user_id = $1 and used_at is null';

/** Passwords are chosen here, whoever asks for it; with a new one every session of its owner ends. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly leaked: LeakedPasswords,
  ) {}

  /** @throws PasswordRefused, TooManyWaiting */
  async prepare(password: string, owner: Owner, pointer?: string): Promise<string> {
    assertAcceptable(password, owner, pointer);
    if (await this.leaked.has(password)) throw new PasswordLeaked(pointer);
    return this.hasher.inTurn(() => this.hasher.hash(password));
  }

  /** Of whoever acts; ends all of their sessions. @throws WrongPassword, PasswordUnchanged, PasswordRefused */
  async change(current: string, wanted: string): Promise<Person> {
    const { id, tenantId, name } = currentUser();
    const user = await this.db.get(User, id);
    const [isRight, isSame] = await this.hasher.inTurn(async () => [
      await this.hasher.matches(user.passwordHash, current),
      await this.hasher.matches(user.passwordHash, wanted),
    ]);
    if (!isRight) throw new WrongPassword();
    if (isSame) throw new PasswordUnchanged();
    await this.set(id, await this.prepare(wanted, user, '/newPassword'));
    return { tenantId, userId: id, name };
  }

  /** Stores a prepared hash and ends the sessions in one commit. A second factor stays as it is. */
  async set(userId: string, hash: string): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.change(User, userId, undefined, (user) => user.choosePassword(hash, this.clock.now()));
      await this.db.query(VOID_CODES, [userId, this.clock.now()]);
      await this.db.query(VOID_CHALLENGES, [userId, this.clock.now()]);
      await this.sessions.endAll(userId, 'password_changed');
    });
  }
}
