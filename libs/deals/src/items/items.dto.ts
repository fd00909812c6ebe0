import { MayBeAbsent, OneLine, Tells } from '@app/platform';
import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { type Billing, BILLINGS, type DealItem } from './deal-item.entity.js';

const HIGHEST_PRICE = 999_999_999_999;
const QUANTITY = /^(?!0+(?:\.0+)?$)\d{1,6}(?:\.\d{1,3})?$/;
const DISCOUNT = /^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)$/;
const RATE = /^(?:100(?:\.0{1,4})?|\d{1,2}(?:\.\d{1,4})?)$/;

/** Of what its lines cost follows what a deal is worth. */
const PRICES = {
  ...{ unitAmount: 'amount', netAmount: 'amount', taxAmount: 'amount', discountPercent: 'discountPercent' },
};

@Tells('deals', PRICES)
export class DealItemView {
  id: string;
  /** @example 1 */
  position: number;
  productId: string | null;
  /** @example "City tour" */
  name: string;
  /**
   * Decimal text.
   * @example "12.000"
   */
  quantity: string;
  /**
   * In minor units of the deal's currency, before tax and discount.
   * @example 4900
   */
  unitAmount: number;
  /** @example "10.00" */
  discountPercent: string;
  /** @example "19.0000" */
  taxRate: string;
  @ApiProperty({ enum: BILLINGS, example: 'once' })
  billing: Billing;
  /**
   * Quantity × unit less the discount.
   * @example 52920
   */
  netAmount: number;
  /** @example 10055 */
  taxAmount: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('deals', PRICES)
export class DealItemDto {
  /** Of the catalog; without one the line says its name and price itself. */
  @IsOptional()
  @IsUUID()
  productId?: string | null;

  /**
   * The product's unless given.
   * @example "City tour"
   */
  @MayBeAbsent()
  @OneLine()
  @IsString()
  @Length(1, 200)
  name?: string;

  /**
   * Decimal text with at most three places.
   * @example "12"
   */
  @Matches(QUANTITY, { message: 'must be a positive decimal with at most three places, such as 2.5' })
  quantity: string;

  /**
   * In minor units; the product's price of today unless given.
   * @example 4900
   */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(HIGHEST_PRICE)
  unitAmount?: number;

  /** @example "10" */
  @MayBeAbsent()
  @Matches(DISCOUNT, { message: 'must be a percentage with at most two places, such as 12.5' })
  discountPercent?: string;

  /** In percent; the product's unless given. */
  @MayBeAbsent()
  @Matches(RATE, { message: 'must be a percentage with at most four places, such as 8.875' })
  taxRate?: string;

  @ApiProperty({ enum: BILLINGS, default: 'once', required: false })
  @MayBeAbsent()
  @IsIn(BILLINGS)
  billing?: Billing;

  /** The last unless given. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(1000)
  position?: number;
}

@Tells('deals', PRICES)
export class EditDealItemDto extends PartialType(OmitType(DealItemDto, ['productId'] as const), {
  skipNullProperties: false,
}) {}

export function toItemView(item: DealItem): DealItemView {
  const { id, position, productId, name, quantity, unitAmount, discountPercent, taxRate, billing } = item;
  const { netAmount, taxAmount, version, createdAt, updatedAt } = item;
  return {
    ...{ id, position, productId, name, quantity, unitAmount, discountPercent, taxRate, billing },
    ...{ netAmount, taxAmount, version, createdAt, updatedAt },
  };
}
