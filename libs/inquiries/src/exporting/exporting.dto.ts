import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601, Matches } from 'class-validator';

const OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/i;
const says = { message: 'must be an instant with its offset from UTC' };

export class ExportInquiriesQuery {
  /** Asked at this instant or later. */
  @ApiProperty({ type: String, format: 'date-time', required: false, example: '2026-01-01T00:00:00Z' })
  @MayBeAbsent()
  @IsISO8601({ strict: true })
  @Matches(OFFSET, says)
  from?: string;

  /** Asked before this instant. */
  @ApiProperty({ type: String, format: 'date-time', required: false, example: '2027-01-01T00:00:00Z' })
  @MayBeAbsent()
  @IsISO8601({ strict: true })
  @Matches(OFFSET, says)
  until?: string;
}
