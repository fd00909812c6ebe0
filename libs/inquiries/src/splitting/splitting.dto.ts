import { MayBeAbsent, OneLine, Tells } from '@app/platform';
import { IsString, Length } from 'class-validator';

@Tells('inquiries')
export class SplitInquiryDto {
  /**
   * Unless given: that of the message, else that of the inquiry.
   * @example "Where is my invoice?"
   */
  @MayBeAbsent()
  @OneLine()
  @IsString()
  @Length(1, 300)
  subject?: string;
}
