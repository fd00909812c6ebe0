import { OneLine } from '@app/platform';
import { IsString, Length } from 'class-validator';
import { UserView } from '../users/users.dto.js';

export class Impersonate {
  /**
   * Told to the person, and kept in the audit trail.
   * @example "Their list of inquiries is empty, ticket 4711"
   */
  @OneLine()
  @IsString()
  @Length(5, 300)
  reason: string;
}

export class ImpersonationView {
  /** The access token, under the name that older clients read. */
  token: string;
  /** For `Authorization: Bearer`; there is no refresh token. */
  accessToken: string;
  /** @example "Bearer" */
  tokenType: string;
  /**
   * Seconds that it lives, at most.
   * @example 900
   */
  expiresIn: number;
  /** Whom I see the system as. */
  user: UserView;
}
