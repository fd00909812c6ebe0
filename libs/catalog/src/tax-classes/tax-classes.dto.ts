import { OneLine } from '@app/platform';
import { PartialType } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import type { TaxClass } from './tax-class.entity.js';

export class TaxClassView {
  id: string;
  /** @example "Standard" */
  name: string;
  /**
   * In percent, as decimal text.
   * @example "19.0000"
   */
  rate: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class TaxClassDto {
  /** @example "Reduced" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * In percent, as decimal text with at most four places.
   * @example "7"
   */
  @Matches(/^(?:100(?:\.0{1,4})?|\d{1,2}(?:\.\d{1,4})?)$/, { message: 'must be a percentage such as 8.875' })
  rate: string;
}

export class EditTaxClassDto extends PartialType(TaxClassDto, { skipNullProperties: false }) {}

export function toView({ id, name, rate, version, createdAt, updatedAt }: TaxClass): TaxClassView {
  return { id, name, rate, version, createdAt, updatedAt };
}
