import { ApiProperty } from '@nestjs/swagger';
import {
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
  Validate,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { isMailAddress } from '../messages/mail-address.js';
import type { Suppression } from './suppression.entity.js';
import { SUPPRESSION_REASONS, type SuppressionReason } from './suppression.policy.js';

@ValidatorConstraint({ name: 'isMailAddress' })
class OfMailAddress implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isMailAddress(value);
  }

  defaultMessage(): string {
    return '$property must be one plain e-mail address';
  }
}

export class AddSuppressionDto {
  /** @example "gone@customers.example" */
  @Validate(OfMailAddress)
  address: string;

  @ApiProperty({ enum: SUPPRESSION_REASONS })
  @IsIn(SUPPRESSION_REASONS)
  reason: SuppressionReason;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class SuppressionView {
  id: string;
  /** Normalised: lower case, its domain in ASCII. */
  address: string;
  @ApiProperty({ enum: SUPPRESSION_REASONS })
  reason: SuppressionReason;
  note: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const toView = ({ id, address, reason, note, version, createdAt, updatedAt }: Suppression): SuppressionView => ({
  id,
  address,
  reason,
  note,
  version,
  createdAt,
  updatedAt,
});
