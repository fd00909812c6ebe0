import { IsUUID } from 'class-validator';

export class MergeInquiryDto {
  /**
   * The inquiry that goes on with both.
   * @example "01920000-0001-7006-8000-000000000002"
   */
  @IsUUID()
  into: string;
}
