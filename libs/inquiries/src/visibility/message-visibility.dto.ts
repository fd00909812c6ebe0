import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsIn, IsUUID } from 'class-validator';
import { VISIBILITIES, type Visibility } from './visibility.policy.js';

export class MessageVisibilityDto {
  /** Whose it is to read. */
  @ApiProperty({ enum: VISIBILITIES, example: 'participants' })
  @IsIn(VISIBILITIES)
  visibility: Visibility;

  /**
   * Users who may read it, too, in place of those named before; of no meaning where it is for `all`.
   * @example ["01920000-0001-7001-8000-000000000006"]
   */
  @MayBeAbsent()
  @IsUUID(undefined, { each: true })
  @ArrayMaxSize(50)
  userIds?: string[];
}
