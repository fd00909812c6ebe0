import { MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsFQDN,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
} from 'class-validator';
import { NamedRef } from '../users/users.dto.js';

const lowered = ({ value }: { value: unknown }): unknown =>
  Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'string' ? one.toLowerCase() : one)) : value;

export class SsoProviderDocument {
  /** @example "Our directory" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * As the provider names itself, to the letter: its settings are found from there.
   * @example "https://login.directory.example"
   */
  @IsString()
  @Length(8, 500)
  issuer: string;

  /** @example "nexus" */
  @OneLine()
  @IsString()
  @Length(1, 255)
  clientId: string;

  /** Kept encrypted and never shown. Absent, it stays as it is unless the issuer is another; null for a client without one. */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  clientSecret?: string | null;

  /**
   * The domains of the e-mail addresses that it vouches for. Each counts once it is proven, and is one provider's then.
   * @example ["directory.example"]
   */
  @Transform(lowered)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsFQDN({}, { each: true })
  @MaxLength(253, { each: true })
  domains: string[];

  /**
   * Ids or names of the roles of people whom it brings in; nobody gives what they do not hold.
   * @example ["CSO"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  roles?: string[];

  /**
   * What is asked for, beside `openid`.
   * @example "openid email profile"
   */
  @MayBeAbsent()
  @Matches(/^openid( [\x21\x23-\x5b\x5d-\x7e]{1,100}){0,20}$/, { message: 'must begin with openid' })
  scopes?: string;

  /**
   * Where it sends people back to, when that is not the API's own callback: a page that hands the query on to it.
   * @example "https://crm.demo.example/login/back"
   */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  redirectUri?: string | null;

  /** Whether it may be used; true unless given. */
  @MayBeAbsent()
  @IsBoolean()
  isEnabled?: boolean;

  /**
   * Whether passwords let nobody in any more, but those who may break the glass.
   * @example false
   */
  @MayBeAbsent()
  @IsBoolean()
  isRequired?: boolean;

  /** Whether somebody who comes for the first time gets an account; true unless given. */
  @MayBeAbsent()
  @IsBoolean()
  provisions?: boolean;
}

export class EditSsoProvider extends PartialType(SsoProviderDocument, { skipNullProperties: false }) {}

export class DomainClaimView {
  /** @example "directory.example" */
  domain: string;
  /** When it was proven; null while it is a claim, which sends nobody here and brings nobody in. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  verifiedAt: string | null;
  /**
   * Under which name its DNS must have a TXT record.
   * @example "_nexus-challenge.directory.example"
   */
  recordName: string;
  /**
   * What that record says.
   * @example "nexus-domain-verification=0192000000017001800000000000000a"
   */
  recordValue: string;
}

export class SsoProviderView {
  id: string;
  /** @example "Our directory" */
  name: string;
  /** @example "https://login.directory.example" */
  issuer: string;
  /** @example "nexus" */
  clientId: string;
  hasClientSecret: boolean;
  /** @example ["directory.example"] */
  domains: string[];
  domainClaims: DomainClaimView[];
  roles: NamedRef[];
  /** @example "openid email profile" */
  scopes: string;
  redirectUri: string | null;
  isEnabled: boolean;
  isRequired: boolean;
  provisions: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class BreakGlass {
  /**
   * Whether a password still lets this user in when an identity provider is required.
   * @example true
   */
  @IsBoolean()
  isBreakGlass: boolean;
}
