import { MayBeAbsent } from '@app/platform';
import { IsInt, Max, Min } from 'class-validator';
import type { SettingsDocument } from './inquiry-settings.entity.js';

export class InquirySettingsView {
  /** Days after closing in which a customer's message re-opens the inquiry; later it begins a follow-up. */
  reopenWithinDays: number;
  /** Days after which a resolved inquiry closes by itself. */
  closeAfterDays: number;
  /** 0 until something is changed. */
  version: number;
}

export class EditInquirySettingsDto {
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(3650)
  reopenWithinDays?: number;

  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(3650)
  closeAfterDays?: number;
}

export const toSettingsView = (settings: SettingsDocument & { version: number }): InquirySettingsView => ({
  reopenWithinDays: settings.reopenWithinDays,
  closeAfterDays: settings.closeAfterDays,
  version: settings.version,
});
