import { MayBeAbsent, Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Line } from '../line.js';
import { CONTACT_KINDS, type ContactKind, type ContactPoint } from './contact-point.js';
import { IsAddress, IsDialingCountry } from './contact-point.validators.js';

/** Which of the two it is, its kind says: whoever may not see one of them sees neither. */
const ADDRESS = ['email', 'phone'];

@Tells('customers', { value: ADDRESS, normalized: ADDRESS, country: ADDRESS })
export class ContactPointView {
  /** @example "01920000-0001-7005-8000-000000000002" */
  id: string;
  @ApiProperty({ enum: CONTACT_KINDS, example: 'phone' })
  kind: ContactKind;
  /**
   * As it was written.
   * @example "030 123456"
   */
  value: string;
  /**
   * What is compared and dialled: lower-case address, or E.164 number.
   * @example "+4930123456"
   */
  normalized: string;
  /**
   * Of a phone number, where the number tells.
   * @example "DE"
   */
  country: string | null;
  /** @example "office" */
  label: string | null;
  /** Exactly one of each kind. */
  isPrimary: boolean;
  isVerified: boolean;
  optedOut: boolean;
}

@Tells('customers', { value: ADDRESS, normalized: ADDRESS, country: ADDRESS })
export class VersionedContactPointView extends ContactPointView {
  /** The customer's, which a contact point is a part of. */
  version: number;
}

export class CreateContactPoint {
  @ApiProperty({ enum: CONTACT_KINDS, example: 'phone' })
  @IsIn(CONTACT_KINDS)
  kind: ContactKind;

  /** @example "030 123456" */
  @IsAddress()
  value: string;

  /**
   * How to read a national number: ISO 3166-1 alpha-2.
   * @example "DE"
   */
  @IsOptional()
  @IsDialingCountry()
  country?: string | null;

  /** @example "office" */
  @IsOptional()
  @Line(0, 50)
  label?: string | null;

  /** Takes the place of the primary one of its kind. */
  @MayBeAbsent()
  @IsBoolean()
  isPrimary?: boolean;

  @MayBeAbsent()
  @IsBoolean()
  isVerified?: boolean;

  @MayBeAbsent()
  @IsBoolean()
  optedOut?: boolean;
}

/** What is absent stays as it is. */
export class EditContactPoint {
  /**
   * Another address is neither verified nor opted out.
   * @example "030 654321"
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(320)
  value?: string;

  /** @example "DE" */
  @IsOptional()
  @IsDialingCountry()
  country?: string | null;

  /** @example "mobile" */
  @IsOptional()
  @Line(0, 50)
  label?: string | null;

  /** Only `true`: a primary one stays until another takes its place. */
  @ApiProperty({ enum: [true] })
  @MayBeAbsent()
  @IsIn([true], { message: 'can only be set to true: make another one primary instead' })
  isPrimary?: true;

  @MayBeAbsent()
  @IsBoolean()
  isVerified?: boolean;

  @MayBeAbsent()
  @IsBoolean()
  optedOut?: boolean;
}

export const toPointView = (point: ContactPoint, version: number): VersionedContactPointView => ({ ...point, version });
