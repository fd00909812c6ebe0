import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsUUID } from 'class-validator';
import { type Keep, KEEPS, type SettingsDocument } from './lead-settings.entity.js';

export class LeadSettingsView {
  /** Where strangers become leads; to all other mailboxes they open inquiries. */
  @ApiProperty({ type: String, format: 'uuid', isArray: true })
  mailboxIds: readonly string[];
  /** Whether duplicates are merged every night. */
  cleansUpNightly: boolean;
  /** Which of several leads of one person goes on. */
  @ApiProperty({ enum: KEEPS, example: 'oldest' })
  keep: Keep;
  /** 0 until something is changed. */
  version: number;
}

export class EditLeadSettingsDto {
  @ApiProperty({
    type: String,
    format: 'uuid',
    isArray: true,
    required: false,
    example: [],
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  mailboxIds?: string[];

  /** @example false */
  @MayBeAbsent()
  @IsBoolean()
  cleansUpNightly?: boolean;

  @ApiProperty({ enum: KEEPS, required: false, example: 'oldest' })
  @MayBeAbsent()
  @IsIn(KEEPS)
  keep?: Keep;
}

export const toSettingsView = ({
  mailboxIds,
  cleansUpNightly,
  keep,
  version,
}: SettingsDocument & { version: number }): LeadSettingsView => ({ mailboxIds, cleansUpNightly, keep, version });
