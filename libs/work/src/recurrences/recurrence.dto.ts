import { MayBeAbsent } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { CATCH_UPS, RECURRENCE_BASES, type RecurrenceWish } from './recurrence.entity.js';

export class RecurrenceView {
  id: string;
  /** @example "FREQ=WEEKLY;BYDAY=MO" */
  rule: string;
  @ApiProperty({ enum: RECURRENCE_BASES, example: 'due' })
  basis: RecurrenceWish['basis'];
  @ApiProperty({ enum: CATCH_UPS, example: 'all' })
  catchUp: RecurrenceWish['catchUp'];
  /** The day of the next occurrence, once it is known. */
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2026-11-09' })
  nextOn: string | null;
  isActive: boolean;
}

export class RecurrenceDto {
  /**
   * An RRULE of days (RFC 5545; RFC 7529 for `SKIP`). The time of the day is the task's.
   * @example "FREQ=WEEKLY;BYDAY=MO"
   */
  @IsString()
  @MaxLength(500)
  rule: string;

  /** `due`: reckoned from the days on which the tasks are due; `completion`: from when the last one was done. */
  @ApiPropertyOptional({ enum: RECURRENCE_BASES, default: 'due' })
  @MayBeAbsent()
  @IsIn(RECURRENCE_BASES)
  basis?: RecurrenceWish['basis'];

  /** Of what was missed while nothing ran: every occurrence, or the latest alone. */
  @ApiPropertyOptional({ enum: CATCH_UPS, default: 'all' })
  @MayBeAbsent()
  @IsIn(CATCH_UPS)
  catchUp?: RecurrenceWish['catchUp'];
}

export const toWish = ({ rule, basis = 'due', catchUp = 'all' }: RecurrenceDto): RecurrenceWish => {
  return { rule, basis, catchUp };
};
