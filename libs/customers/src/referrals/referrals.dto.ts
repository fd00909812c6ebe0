import { ApiProperty } from '@nestjs/swagger';
import { IsUUID, ValidateIf } from 'class-validator';

export class ReferrerDto {
  /**
   * The customer who brought this one; null takes it back.
   * @example "01920000-0001-7004-8000-000000000002"
   */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  @ValidateIf((_, value) => value !== null)
  @IsUUID()
  customerId: string | null;
}
