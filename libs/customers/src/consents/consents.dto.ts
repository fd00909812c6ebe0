import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsIP, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Line } from '../line.js';
import { type Consent, CONSENT_CHANNELS, type ConsentChannel, type ConsentStatement } from './consent.entity.js';

export class ConsentView {
  id: string;
  @ApiProperty({ enum: CONSENT_CHANNELS, example: 'email' })
  channel: ConsentChannel;
  /** @example "newsletter" */
  purpose: string;
  granted: boolean;
  /** @example "web form" */
  source: string;
  proof: string | null;
  ip: string | null;
  recordedBy: string;
  createdAt: Date;
}

export class RecordConsent {
  @ApiProperty({ enum: CONSENT_CHANNELS, example: 'email' })
  @IsIn(CONSENT_CHANNELS)
  channel: ConsentChannel;

  /**
   * What for, in snake_case.
   * @example "newsletter"
   */
  @IsString()
  @Matches(/^[a-z][a-z0-9_]{0,49}$/, { message: 'must be 1 to 50 characters in snake_case' })
  purpose: string;

  /**
   * False withdraws.
   * @example true
   */
  @IsBoolean()
  granted: boolean;

  /**
   * Where it was said.
   * @example "web form"
   */
  @Line(1, 100)
  source: string;

  /**
   * The words that were agreed to, or what else shows it.
   * @example "I would like to receive news by e-mail."
   */
  @IsOptional()
  @IsString()
  @MaxLength(4000)
  proof?: string | null;

  /**
   * Of whoever said it.
   * @example "203.0.113.7"
   */
  @IsOptional()
  @IsIP()
  ip?: string | null;
}

export const toStatement = (body: RecordConsent): ConsentStatement => ({
  ...body,
  proof: body.proof ?? null,
  ip: body.ip ?? null,
});

export const toConsentView = (consent: Consent): ConsentView => ({
  id: consent.id,
  channel: consent.channel,
  purpose: consent.purpose,
  granted: consent.granted,
  source: consent.source,
  proof: consent.proof,
  ip: consent.ip,
  recordedBy: consent.recordedBy,
  createdAt: consent.createdAt,
});
