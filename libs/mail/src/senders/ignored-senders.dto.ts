import { OneLine } from '@app/platform';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import type { IgnoredSender } from './ignored-sender.entity.js';

export class IgnoreSenderDto {
  /**
   * An address, a domain, or `*.` and a domain for all that are under it.
   * @example "*.advertisements.example"
   */
  @IsString()
  @Length(1, 256)
  pattern: string;

  /** @example "Advertisements" */
  @IsOptional()
  @OneLine()
  @IsString()
  @MaxLength(300)
  note?: string | null;
}

export class IgnoredSenderView {
  id: string;
  /** @example "*.advertisements.example" */
  pattern: string;
  /** @example "Advertisements" */
  note: string | null;
  createdBy: string;
  createdAt: Date;
}

export const toView = ({ id, pattern, note, createdBy, createdAt }: IgnoredSender): IgnoredSenderView => ({
  ...{ id, pattern, note, createdBy, createdAt },
});
