import { IsZone, MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
} from 'class-validator';
import { USER_STATUSES, type UserStatus } from './user.entity.js';

const trimmed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.trim() : value);
export const LOCALES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'tr', 'hi', 'fa', 'ar', 'zh', 'ja'] as const;

export class NamedRef {
  /** @example "01920000-0000-7000-8000-000000000201" */
  id: string;
  /** @example "CSO" */
  name: string;
}

/** What a user's record looks like to others. */
export class UserView {
  /** @example "01920000-0001-7001-8000-000000000006" */
  id: string;
  /** @example "cso@demo.example" */
  email: string;
  /** @example "cso" */
  username: string | null;
  /** @example "Clara" */
  firstName: string;
  /** @example "Officer" */
  lastName: string;
  /** @example "Clara Officer" */
  name: string;
  @ApiProperty({ enum: USER_STATUSES, example: 'active' })
  status: UserStatus;
  mustChangePassword: boolean;
  /** Whether a password still lets them in when an identity provider is required. */
  isBreakGlass: boolean;
  /** @example "Europe/Berlin" */
  zone: string;
  @ApiProperty({ enum: LOCALES, example: 'en' })
  locale: string;
  roles: NamedRef[];
  teams: NamedRef[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class UserDocument {
  /** @example "nina@demo.example" */
  @Transform(trimmed)
  @IsEmail()
  @MaxLength(254)
  email: string;

  /**
   * For logging in by name: lower case, no `@`.
   * @example "nina"
   */
  @IsOptional()
  @Transform(trimmed)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/, {
    message: 'must have 2 to 64 letters, digits, dots, dashes or underscores',
  })
  username?: string | null;

  /** @example "Nina" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  firstName: string;

  /** @example "Weiss" */
  @MayBeAbsent()
  @OneLine()
  @IsString()
  @MaxLength(100)
  lastName?: string;

  /**
   * IANA time zone.
   * @example "Europe/Berlin"
   */
  @MayBeAbsent()
  @IsZone()
  zone?: string;

  /** @example "en" */
  @MayBeAbsent()
  @IsIn(LOCALES)
  locale?: (typeof LOCALES)[number];
}

/** Without a first name, the address stands for one. */
export class CreateUser extends IntersectionType(
  OmitType(UserDocument, ['firstName'] as const),
  PartialType(PickType(UserDocument, ['firstName'] as const), { skipNullProperties: false }),
) {
  /**
   * 8 to 128 characters, none of the common ones. Without it the person is mailed a code to choose their own.
   * @example "Nexus-Demo-1"
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(512)
  password?: string;

  /**
   * Ids or names of roles; nobody gives what they do not hold.
   * @example ["CSO"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  roles?: string[];

  /** Whether the first thing to do is to choose another password. */
  @MayBeAbsent()
  @IsBoolean()
  mustChangePassword?: boolean;
}

export class EditUser extends PartialType(UserDocument, { skipNullProperties: false }) {}

/** What people change of themselves. What is absent stays as it is. */
export class EditProfile extends PartialType(
  PickType(UserDocument, ['firstName', 'lastName', 'zone', 'locale'] as const),
  { skipNullProperties: false },
) {}

export class AssignRoles {
  /**
   * Ids or names of all the roles the user has from now on.
   * @example ["CSO", "Sales Representative"]
   */
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  roles: string[];
}

export class RegisterUser extends CreateUser {
  /**
   * Only for the very first user of an install: the company's name.
   * @example "Demo Travel"
   */
  @MayBeAbsent()
  @IsString()
  @Length(1, 100)
  company?: string;

  /** Only for the very first user in production: what the command `bootstrap-token` prints. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  bootstrapToken?: string;
}
