import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Administrators } from '../users/administrators.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { PasswordMissing } from './sso.errors.js';

/** Who still comes in by a password while an identity provider is required, for the day that it is out of order. */
@Injectable()
export class BreakGlassService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly administrators: Administrators,
  ) {}

  /** @throws RecordNotFound, PasswordMissing, ExceedsOwnGrants, NoBreakGlass */
  async set(userId: string, version: number | undefined, isBreakGlass: boolean): Promise<void> {
    await this.users.assertMayTouch(userId);
    await this.administrators.keepOne(() =>
      this.db.change(User, userId, version, (user) => {
        if (isBreakGlass && !user.passwordHash) throw new PasswordMissing();
        user.mayBreakGlass(isBreakGlass);
      }),
    );
  }
}
