import { Day, IsZone } from '@app/platform';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { ConsentChannel } from '../consents/consent.entity.js';
import { PREFERRED_CHANNELS } from './person.js';
import { IsClockTime, IsLanguage } from './person.validators.js';

/** Wall-clock times in the customer's own zone; over midnight where `end` is earlier than `start`. */
export class QuietHoursDocument {
  /**
   * The first quiet minute.
   * @example "21:00"
   */
  @IsClockTime()
  start: string;

  /**
   * The first minute that is not quiet any more; differs from `start`.
   * @example "08:00"
   */
  @IsClockTime()
  end: string;
}

export class QuietHoursPatch extends PartialType(QuietHoursDocument, { skipNullProperties: false }) {}

export class PersonView {
  /**
   * A day; nobody's before 1900.
   * @example "1986-05-17"
   */
  @ApiProperty({ type: String, format: 'date', nullable: true })
  birthday: string | null;
  /**
   * IANA.
   * @example "Europe/Berlin"
   */
  timeZone: string | null;
  /**
   * BCP 47.
   * @example "de-AT"
   */
  language: string | null;
  @ApiProperty({ enum: PREFERRED_CHANNELS, nullable: true, example: 'email' })
  preferredChannel: ConsentChannel | null;
  /** When not to be spoken to, instead of what holds for everybody. */
  @ApiProperty({ type: QuietHoursDocument, nullable: true })
  quietHours: QuietHoursDocument | null;
}

/** All of the person but the hours, which a patch merges. */
export class PersonPatch {
  /**
   * A day from 1900 until today.
   * @example "1986-05-17"
   */
  @ApiPropertyOptional({ type: String, format: 'date', nullable: true })
  @IsOptional()
  @Day()
  birthday?: string | null;

  /**
   * IANA time zone, by name.
   * @example "Europe/Berlin"
   */
  @IsOptional()
  @IsZone()
  timeZone?: string | null;

  /**
   * BCP 47; kept in its canonical form.
   * @example "de-AT"
   */
  @IsOptional()
  @IsLanguage()
  language?: string | null;

  /** By what the customer likes to be spoken to; it is no consent. */
  @ApiPropertyOptional({ enum: PREFERRED_CHANNELS, nullable: true, example: 'email' })
  @IsOptional()
  @IsIn(PREFERRED_CHANNELS)
  preferredChannel?: ConsentChannel | null;
}
