import { MayBeAbsent } from '@app/platform';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { SettingsDocument } from './inquiry-settings.entity.js';

export class InquirySettingsView {
  /** Days after closing in which a customer's message re-opens the inquiry; later it begins a follow-up. */
  reopenWithinDays: number;
  /** Days after which a resolved inquiry closes by itself. */
  closeAfterDays: number;
  /** Page of the tenant on which customers say how content they are; null asks nobody. */
  satisfactionUrl: string | null;
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

  /**
   * An https address with `{token}` in it: the page asks `GET /csat/:token` and sends `POST /csat/:token`. The customer gets
   * the link an hour after the resolution, once an inquiry. Null asks nobody.
   * @example "https://desk.example/survey?token={token}"
   */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Matches(/^https:\/\/[\x21-\x7e]{1,490}$/, { message: 'must be an https address' })
  @Matches(/\{token\}/, { message: 'must have {token} in it' })
  satisfactionUrl?: string | null;
}

export const toSettingsView = (settings: SettingsDocument & { version: number }): InquirySettingsView => ({
  reopenWithinDays: settings.reopenWithinDays,
  closeAfterDays: settings.closeAfterDays,
  satisfactionUrl: settings.satisfactionUrl,
  version: settings.version,
});
