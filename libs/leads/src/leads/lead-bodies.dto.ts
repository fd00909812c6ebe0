import { IsDialingCountry, IsEmailAddress, IsPhone } from '@app/customers';
import { Instant, MayBeAbsent, OneLine, Tells } from '@app/platform';
import { ApiFieldValues } from '@app/records';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsHash, IsObject, IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';

/** Each as `utm_…` of an address has it; null takes it away. */
export class UtmDto {
  /** @example "newsletter" */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 200)
  source?: string | null;

  /** @example "email" */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 200)
  medium?: string | null;

  /** @example "spring-fair" */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 200)
  campaign?: string | null;

  /** @example "freight" */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 200)
  term?: string | null;

  /** @example "second-link" */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 200)
  content?: string | null;
}

export class NextActionDto {
  /** @example "Call about the offer" */
  @OneLine()
  @IsString()
  @Length(1, 300)
  what: string;

  /** Where it is not said, it stays; null: some time. */
  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, example: '2031-03-03T09:00:00Z' })
  @IsOptional()
  @Instant()
  dueAt?: Date | null;
}

/** Its editable document. Status and owner change by their own verbs. */
@Tells('leads')
export class ReplaceLeadDto {
  /** @example "Noor Haddad" */
  @OneLine()
  @IsString()
  @Length(1, 200)
  name: string;

  /** @example "noor@haddad.example" */
  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  /**
   * International, or national together with `country`; kept as E.164.
   * @example "+49 30 901820"
   */
  @IsOptional()
  @IsPhone()
  phone?: string | null;

  /** How to read a national phone number: ISO 3166-1 alpha-2. */
  @ApiPropertyOptional({ type: String, nullable: true, example: 'DE' })
  @IsOptional()
  @IsDialingCountry()
  country?: string | null;

  /** @example "Haddad Freight" */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 200)
  company?: string | null;

  /** @example "Freight to Tangier" */
  @IsOptional()
  @OneLine()
  @IsString()
  @Length(1, 300)
  subject?: string | null;

  /** @example "Do you ship to Tangier every week?" */
  @IsOptional()
  @IsString()
  @Length(1, 20_000)
  message?: string | null;

  /**
   * Where it came from; it keeps its own unless given.
   * @example "trade-fair"
   */
  @MayBeAbsent()
  @IsString()
  @Length(1, 50)
  @Matches(/^[a-z0-9][a-z0-9._-]*$/, { message: 'must be a word of lower-case letters, digits, dots and hyphens' })
  source?: string;

  @ApiPropertyOptional({ type: UtmDto })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => UtmDto)
  utm?: UtmDto;

  /** @example "01920000-0001-7002-8000-000000000001" */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  @ApiPropertyOptional({ type: NextActionDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NextActionDto)
  nextAction?: NextActionDto | null;

  @ApiFieldValues()
  customFields?: Record<string, unknown>;
}

/** JSON Merge Patch: what is absent stays, what is null goes. */
@Tells('leads')
export class EditLeadDto extends PartialType(ReplaceLeadDto, { skipNullProperties: false }) {}

@Tells('leads')
export class CreateLeadDto extends ReplaceLeadDto {
  /** Whose it is from the beginning; somebody else than oneself takes `leads:assign`. */
  @IsOptional()
  @IsUUID()
  ownerId?: string | null;

  /** SHA-256 of the raw mail that another program made it of: by it duplicates are found. */
  @ApiProperty({ type: String, nullable: true, required: false, pattern: '^[0-9a-f]{64}$' })
  @IsOptional()
  @IsHash('sha256')
  mailHash?: string | null;
}

export class AssignLeadDto {
  /** @example "01920000-0001-7001-8000-000000000006" */
  @IsUUID()
  ownerId: string;
}

@Tells('leads')
export class DisqualifyLeadDto {
  /** @example "Looks for a job" */
  @OneLine()
  @IsString()
  @Length(1, 500)
  reason: string;
}
