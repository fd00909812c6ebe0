import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import type { ResponseSettings } from './response-settings.entity.js';

export class SetResponseSettingsDto {
  /** Whether an approved response goes out by itself once the time to undo is over. */
  @ApiProperty({ example: true })
  @IsBoolean()
  sendsAutomatically: boolean;
}

export class ResponseSettingsView {
  /** The tenant's id. */
  id: string;
  sendsAutomatically: boolean;
  version: number;
}

export const toSettingsView = ({ id, sendsAutomatically, version }: ResponseSettings): ResponseSettingsView => ({
  id,
  sendsAutomatically,
  version,
});
