import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import type { InquiryLink } from './inquiry-link.entity.js';
import {
  LINK_DIRECTIONS,
  LINK_KINDS,
  LINK_TARGETS,
  type LinkDirection,
  type LinkKind,
  type LinkTarget,
  SHOWN_KINDS,
  type ShownKind,
} from './link.policy.js';

export class InquiryLinkView {
  id: string;
  @ApiProperty({ enum: SHOWN_KINDS, example: 'related' })
  kind: ShownKind;
  /** `to`: this inquiry says it of the other; `from`: the other says it of this one. */
  @ApiProperty({ enum: LINK_DIRECTIONS, example: 'to' })
  direction: LinkDirection;
  @ApiProperty({ enum: LINK_TARGETS, example: 'inquiry' })
  targetType: LinkTarget;
  /** The other one. */
  targetId: string;
  /** Follows from how one of both came to be; it is not taken back. */
  isFixed: boolean;
  createdBy: string;
  createdAt: Date;
}

export class LinkInquiryDto {
  @ApiProperty({ enum: LINK_KINDS, example: 'related' })
  @IsIn(LINK_KINDS)
  kind: LinkKind;

  @ApiProperty({ enum: LINK_TARGETS, example: 'inquiry' })
  @IsIn(LINK_TARGETS)
  targetType: LinkTarget;

  /** @example "01920000-0001-7006-8000-000000000002" */
  @IsUUID()
  targetId: string;
}

export const toLinkView = ({ id, kind, targetType, targetId, createdBy, createdAt }: InquiryLink): InquiryLinkView => ({
  ...{ id, kind, direction: 'to', targetType, targetId, isFixed: false, createdBy, createdAt },
});
