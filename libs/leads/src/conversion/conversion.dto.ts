import { CURRENCIES } from '@app/kernel';
import { Day, MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** In minor units; as large as that of a deal may be. */
const LARGEST_AMOUNT = 999_999_999_999_999;

export class DealOfLeadDto {
  /** @example "Freight to Tangier, weekly" */
  @OneLine()
  @IsString()
  @Length(1, 200)
  name: string;

  /**
   * In minor units, never a fraction.
   * @example 480000
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LARGEST_AMOUNT)
  amount?: number | null;

  /** The pipeline's unless given. */
  @ApiProperty({ type: String, required: false, example: 'EUR' })
  @MayBeAbsent()
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency?: string;

  @ApiProperty({ type: String, format: 'date', nullable: true, required: false, example: '2031-03-31' })
  @IsOptional()
  @Day()
  expectedCloseDate?: string | null;

  /** That of the stage, or else the default one. */
  @MayBeAbsent()
  @IsUUID()
  pipelineId?: string;

  /** The first of the pipeline unless given. */
  @MayBeAbsent()
  @IsUUID()
  stageId?: string;
}

export class ConvertLeadDto {
  /** Who it is, where that is a customer already; a new customer without. */
  @MayBeAbsent()
  @IsUUID()
  customerId?: string;

  /** A new customer although another one has the same phone number: a family, a switchboard. */
  @MayBeAbsent()
  @IsBoolean()
  sharesPhone?: boolean;

  /** The company that the customer belongs to. */
  @MayBeAbsent()
  @IsUUID()
  companyId?: string;

  /** Opens a company under the name that the lead gives, instead of `companyId`. */
  @MayBeAbsent()
  @IsBoolean()
  opensCompany?: boolean;

  /** An open deal that this is about, of the same customer or of nobody yet. */
  @MayBeAbsent()
  @IsUUID()
  dealId?: string;

  /** A deal to begin, instead of `dealId`. */
  @ApiPropertyOptional({ type: DealOfLeadDto })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => DealOfLeadDto)
  deal?: DealOfLeadDto;
}
