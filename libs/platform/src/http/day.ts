import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

const says = { message: 'must be a day such as 2027-03-31' };

/** A day of the calendar as text, `YYYY-MM-DD`, that exists and lies within the years 1000 to 2999: no time, no zone. */
export const Day = (): PropertyDecorator =>
  applyDecorators(Matches(/^[12]\d{3}-\d{2}-\d{2}$/, says), IsISO8601({ strict: true }, says));
