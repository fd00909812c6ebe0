import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { CONSENT_CHANNELS, type ConsentChannel } from '../consents/consent.entity.js';
import { Line } from '../line.js';
import { DEMANDING_STATUSES, type DemandingStatus, type StatusRequirement } from './status-requirement.js';
import type { CurrentRequirements } from './status-requirements.service.js';

const MOST = 50;

export class ConsentDemandDto {
  /**
   * What for, as consents name it.
   * @example "contract"
   */
  @IsString()
  @Matches(/^[a-z][a-z0-9_]{0,49}$/, { message: 'must be 1 to 50 characters in snake_case' })
  purpose: string;

  /** By which channel; any when absent. */
  @ApiProperty({ enum: CONSENT_CHANNELS, nullable: true, required: false, example: 'email' })
  @IsOptional()
  @IsIn(CONSENT_CHANNELS)
  channel?: ConsentChannel | null;
}

export class FileDemandDto {
  /**
   * What the name of the file holds, whatever the case.
   * @example "contract"
   */
  @Line(1, 100)
  name: string;

  /**
   * Its media type; any when absent.
   * @example "application/pdf"
   */
  @IsOptional()
  @IsString()
  @Matches(/^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/, { message: 'must be a media type such as application/pdf' })
  type?: string | null;
}

export class StatusRequirementDto {
  @ApiProperty({ enum: DEMANDING_STATUSES, example: 'customer' })
  @IsIn(DEMANDING_STATUSES)
  status: DemandingStatus;

  /** `lastName`, `company`, `email`, `phone`, `birthday`, `timeZone`, `language`, `preferredChannel`, `quietHours`, `teamId`, `assignedTo`; `verifiedEmail` and `verifiedPhone` for a contact point that is verified, `cf.<key>` for a field of the company's own. */
  @ApiProperty({ type: [String], example: ['lastName', 'phone'] })
  @IsArray()
  @ArrayMaxSize(MOST)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  fields: string[];

  /** Consents that must hold. */
  @IsArray()
  @ArrayMaxSize(MOST)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ConsentDemandDto)
  consents: ConsentDemandDto[];

  /** Files that must be on the record, and open to be read. */
  @IsArray()
  @ArrayMaxSize(MOST)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => FileDemandDto)
  files: FileDemandDto[];
}

export class StatusRequirementsDto {
  /** One for each status that demands anything. */
  @ApiProperty({
    type: [StatusRequirementDto],
    example: [{ status: 'blocked', fields: ['lastName'], consents: [], files: [] }],
  })
  @IsArray()
  @ArrayMaxSize(DEMANDING_STATUSES.length)
  @ArrayUnique(({ status }: StatusRequirementDto) => status, { message: 'must name each status once' })
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => StatusRequirementDto)
  rules: StatusRequirementDto[];
}

export class StatusRequirementsView {
  @ApiProperty({ type: [StatusRequirementDto] })
  rules: StatusRequirementDto[];
  /** 0 until something is demanded. */
  version: number;
}

export const toRequirements = ({ rules }: StatusRequirementsDto): StatusRequirement[] =>
  rules.map(({ status, fields, consents, files }) => ({
    ...{ status, fields },
    consents: consents.map(({ purpose, channel = null }) => ({ purpose, channel })),
    files: files.map(({ name, type = null }) => ({ name, type })),
  }));

export const toRequirementsView = ({ rules, version }: CurrentRequirements): StatusRequirementsView => ({
  rules: rules.map(({ status, fields, consents, files }) => ({
    ...{ status, fields: [...fields] },
    ...{ consents: [...consents], files: [...files] },
  })),
  version,
});
