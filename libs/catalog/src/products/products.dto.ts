import { CURRENCIES } from '@app/kernel';
import { Day, MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import type { ProductDocument } from './product.entity.js';
import { HIGHEST_PRICE, PRODUCT_KINDS, type ProductKind } from './product.policy.js';
import type { ProductPrice } from './product-price.entity.js';

class CurrentPriceView {
  /** @example "EUR" */
  currency: string;
  /**
   * In minor units, before tax.
   * @example 4900
   */
  amount: number;
}

export class ProductView {
  id: string;
  @ApiProperty({ enum: PRODUCT_KINDS, example: 'service' })
  kind: ProductKind;
  /** @example "TOUR-1" */
  sku: string;
  /** @example "City tour" */
  name: string;
  description: string | null;
  taxClassId: string | null;
  /** How long a service takes. */
  durationMinutes: number | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  activeFrom: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  activeUntil: string | null;
  /** Sold today. */
  isActive: boolean;
  /** Those of today, one a currency. */
  prices: CurrentPriceView[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class ProductDto {
  @ApiProperty({ enum: PRODUCT_KINDS, example: 'service' })
  @IsIn(PRODUCT_KINDS)
  kind: ProductKind;

  /**
   * Capital letters, digits, dots, dashes and underscores.
   * @example "TOUR-2"
   */
  @Matches(/^[A-Z0-9][A-Z0-9._-]{0,63}$/, { message: 'must be of capital letters, digits and . _ -' })
  sku: string;

  /** @example "Harbour tour" */
  @OneLine()
  @IsString()
  @Length(1, 200)
  name: string;

  @IsOptional()
  @IsString()
  @MaxLength(5_000)
  description?: string | null;

  @IsOptional()
  @IsUUID()
  taxClassId?: string | null;

  /** @example 90 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(527_040)
  durationMinutes?: number | null;

  /** The first day on which it is sold. */
  @ApiProperty({ type: String, format: 'date', nullable: true, required: false })
  @IsOptional()
  @Day()
  activeFrom?: string | null;

  /** The last day on which it is sold. */
  @ApiProperty({ type: String, format: 'date', nullable: true, required: false })
  @IsOptional()
  @Day()
  activeUntil?: string | null;
}

export class ReplaceProductDto extends OmitType(ProductDto, ['kind'] as const) {}
export class EditProductDto extends PartialType(ReplaceProductDto, { skipNullProperties: false }) {}

export class PriceView {
  id: string;
  /** @example "EUR" */
  currency: string;
  /**
   * In minor units, before tax.
   * @example 4900
   */
  amount: number;
  @ApiProperty({ type: String, format: 'date', example: '2026-11-02' })
  validFrom: string;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  validUntil: string | null;
  createdBy: string;
  createdAt: Date;
}

export class PriceDto {
  @ApiProperty({ type: String, example: 'CHF' })
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency: string;

  /**
   * In minor units, before tax.
   * @example 5200
   */
  @IsInt()
  @Min(0)
  @Max(HIGHEST_PRICE)
  amount: number;

  /** Today unless given. */
  @ApiProperty({ type: String, format: 'date', required: false })
  @MayBeAbsent()
  @Day()
  validFrom?: string;

  /** The last day of it. Without one no other price of the currency can follow. */
  @ApiProperty({ type: String, format: 'date', nullable: true, required: false })
  @IsOptional()
  @Day()
  validUntil?: string | null;
}

export const toDocument = (dto: ReplaceProductDto): ProductDocument => ({
  sku: dto.sku,
  name: dto.name,
  description: dto.description ?? null,
  taxClassId: dto.taxClassId ?? null,
  durationMinutes: dto.durationMinutes ?? null,
  activeFrom: dto.activeFrom ?? null,
  activeUntil: dto.activeUntil ?? null,
});

export function toPriceView({
  id,
  currency,
  amount,
  validFrom,
  validUntil,
  createdBy,
  createdAt,
}: ProductPrice): PriceView {
  return { id, currency, amount, validFrom, validUntil, createdBy, createdAt };
}
