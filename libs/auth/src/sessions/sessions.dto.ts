import { MayBeAbsent } from '@app/platform';
import { ApiProperty, IntersectionType, OmitType, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { MFA_METHODS, type MfaMethod, SIX_DIGITS, withoutSpaces } from '../mfa/mfa.dto.js';
import { NamedRef, UserView } from '../users/users.dto.js';
import { FieldRuleView } from '../field-rights/field-rights.dto.js';

export class Login {
  /**
   * E-mail address. One of `email`, `username` and `identifier` is needed.
   * @example "cso@demo.example"
   */
  @ValidateIf(
    (login: Login) => login.email !== undefined || (login.username === undefined && login.identifier === undefined),
  )
  @IsString()
  @Length(1, 254)
  email?: string;

  /** The user's short name. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 254)
  username?: string;

  /** Either of the two. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 254)
  identifier?: string;

  /** @example "Nexus-Demo-1" */
  @IsString()
  @Length(1, 512)
  password: string;

  /** The tenant's slug; needed only where several tenants know the name. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(63)
  tenant?: string;

  /** A one-time code or a recovery code, where a second factor is due: spares POST /auth/login/mfa. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  otp?: string;

  /** As an earlier login from this device answered it: failed logins from elsewhere do not delay it. */
  @MayBeAbsent()
  @IsString()
  @Length(16, 128)
  deviceToken?: string;

  /** What the captcha's widget gave out, where `captcha_required` asked for one; each counts once. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 8192)
  captcha?: string;
}

export class LoginMfa {
  /**
   * As login answered it. It opens this route alone, for five minutes and five tries.
   * @example "wDq8Zr4Tb6Yp1Lm8Hs3Dc5Jf0GqwDq8Zr4Tb6Yp1Lm8Hs"
   */
  @IsString()
  @Length(16, 128)
  mfaToken: string;

  /**
   * What the authenticator shows now. Either this or `recoveryCode` is needed; this one counts.
   * @example "123456"
   */
  @ValidateIf((body: LoginMfa) => body.code !== undefined || body.recoveryCode === undefined)
  @Transform(withoutSpaces)
  @IsString()
  @Matches(/^\d{6}$/, SIX_DIGITS)
  code?: string;

  /** For a lost authenticator; each works once. */
  @MayBeAbsent()
  @IsString()
  @Length(16, 40)
  recoveryCode?: string;

  /** As with login. */
  @MayBeAbsent()
  @IsString()
  @Length(16, 128)
  deviceToken?: string;
}

export class Refresh {
  /**
   * As login or the last refresh answered it. Each is used once.
   * @example "AaH8DJVBcB2tkJx8YOAv0AAAAACVfkQNa6J8Ds_9GyRMW3iXsrMmRm3Ri0wNA_SdtEfe3A"
   */
  @IsString()
  @Length(1, 512)
  refreshToken: string;
}

export class TokensView {
  /** The access token, under the name that older clients read. */
  token: string;
  /** For `Authorization: Bearer`. */
  accessToken: string;
  /** For POST /auth/refresh, once. */
  refreshToken: string;
  /** @example "Bearer" */
  tokenType: string;
  /**
   * Seconds that the access token lives.
   * @example 900
   */
  expiresIn: number;
  user: UserView;
}

export class EntranceView extends TokensView {
  /** Keep it on the device and send it with the next login. */
  deviceToken: string;
}

/** What login answers while a second factor is due. */
export class MfaDueView {
  /** Always true: there are no tokens yet. */
  mfaRequired: boolean;
  /** For POST /auth/login/mfa, and nothing else. */
  mfaToken: string;
  /**
   * Seconds that it lives.
   * @example 300
   */
  expiresIn: number;
  /** `passkey` is finished by POST /auth/login/passkey, the others with this token. */
  @ApiProperty({ enum: MFA_METHODS, isArray: true, example: ['totp', 'recovery_code'] })
  methods: MfaMethod[];
}

/** Either answer of a login as one shape: a client that was made before there was a second factor still reads its tokens. */
export class LoginView extends IntersectionType(
  PartialType(OmitType(EntranceView, ['expiresIn'] as const)),
  PartialType(OmitType(MfaDueView, ['expiresIn'] as const)),
) {
  /**
   * Seconds that the access token lives, or the `mfaToken`.
   * @example 900
   */
  expiresIn: number;
}

export class SessionView {
  id: string;
  /** @example "203.0.113.7" */
  ip: string;
  /** @example "Mozilla/5.0 (X11; Linux x86_64)" */
  userAgent: string;
  startedAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  /** Who sees the system as me in it; null: it is mine. */
  impersonatedBy: NamedRef | null;
  /** Why, in their words. */
  impersonationReason: string | null;
  /** Whether it is the one of this request. */
  isCurrent: boolean;
}

export class TenantRef extends NamedRef {
  /** @example "demo" */
  slug: string;
}

export class MeView extends UserView {
  /**
   * What the user's roles grant, together.
   * @example ["customers:read_own", "inquiries:read_all"]
   */
  permissions: string[];
  tenant: TenantRef;
  /** Who really acts, in a session of somebody who sees the system as this user. */
  impersonatedBy: NamedRef | null;
}

export class PermissionView {
  /** @example "customers:read" */
  name: string;
  /** @example "See customers" */
  description: string;
  /** Whether it is granted as `_own`, `_team` or `_all`. */
  scoped: boolean;
  /**
   * The strings that may stand in a role.
   * @example ["customers:read_own", "customers:read_team", "customers:read_all"]
   */
  grants: string[];
  /**
   * What you hold of it: a scope, `granted`, or null.
   * @example "own"
   */
  held: string | null;
}

export class PermissionsView {
  /**
   * What you hold.
   * @example ["customers:read_own"]
   */
  grants: string[];
  /** Fields of records that all your roles keep from you; all others you see and write as far as your grants reach. */
  @ApiProperty({ type: [FieldRuleView] })
  fieldRights: FieldRuleView[];
  /** Everything there is to hold. */
  catalogue: PermissionView[];
}
