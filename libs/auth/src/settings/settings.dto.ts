import { MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import { IsObject, IsOptional, IsString, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import type { Tenant } from '../tenants/tenant.entity.js';
import { LOCALES } from '../users/users.dto.js';
import type { Kept } from './retention.service.js';

const lowerCase = ({ value }: TransformFnParams): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

export class EditBranding {
  /**
   * Whom mails of the machine say they are from; null: the installation's name.
   * @example "Demo Travel"
   */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 100)
  displayName?: string | null;

  /**
   * An https address; mails fetch it when they are read.
   * @example "https://demo.example/logo.png"
   */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Matches(/^https:\/\/[\x21\x23-\x26\x28-\x3b\x3d\x3f\x41-\x7e]{1,490}$/, {
    message: 'must be an https address without quotes and without a user',
  })
  logoUrl?: string | null;

  /** @example "#1a73e8" */
  @IsOptional()
  @Transform(lowerCase)
  @Matches(/^#[0-9a-f]{6}$/, { message: 'must be a colour such as #1a73e8' })
  accentColour?: string | null;

  /**
   * Under every mail of the machine: who writes, and what the law asks for.
   * @example "Demo Travel Ltd, 1 Harbour Street, Bristol"
   */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  @Matches(/^(?:[^\p{Cc}]|\n)*$/u, { message: 'must have no control characters but line feeds' })
  mailFooter?: string | null;
}

export class EditSettings {
  /** What is absent stays, and null takes it back. */
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => EditBranding)
  branding?: EditBranding;

  /** Days by kind; what is absent stays, and null keeps that kind for good. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'integer', nullable: true },
    example: { sign_ins: 90, customer_trash: 60 },
  })
  @MayBeAbsent()
  @IsObject()
  retention?: Record<string, unknown>;
}

export class BrandingView {
  /** @example "Demo Travel" */
  displayName: string | null;
  /** @example "https://demo.example/logo.png" */
  logoUrl: string | null;
  /** @example "#1a73e8" */
  accentColour: string | null;
  /** @example "Demo Travel Ltd, 1 Harbour Street, Bristol" */
  mailFooter: string | null;
}

export class KeptView {
  /** @example "sign_ins" */
  kind: string;
  /** @example "Sessions that are over: who was logged in when, and from where" */
  description: string;
  /** After so many days it is deleted, in the night; null: never. */
  @ApiProperty({ type: 'integer', nullable: true, example: 30 })
  days: number | null;
  /** Where the tenant says nothing. */
  @ApiProperty({ type: 'integer', nullable: true, example: 30 })
  usualDays: number | null;
  /** No fewer can be said. */
  @ApiProperty({ type: 'integer', example: 7 })
  leastDays: number;
}

export class SettingsView {
  /** IANA. @example "Europe/Berlin" */
  zone: string;
  @ApiProperty({ enum: LOCALES, example: 'en' })
  locale: string;
  /** ISO 4217. @example "EUR" */
  currency: string;
  branding: BrandingView;
  retention: KeptView[];
  version: number;
}

export const toSettingsView = (tenant: Tenant, retention: Kept[]): SettingsView => {
  const { zone, locale, currency, brandingOrNone: branding, version } = tenant;
  return { zone, locale, currency, branding, retention, version };
};
