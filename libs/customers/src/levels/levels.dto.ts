import { ApiProperty } from '@nestjs/swagger';
import { IsIn, registerDecorator } from 'class-validator';
import { DateTime } from 'luxon';
import { CUSTOMER_LEVELS, type CustomerLevel } from '../customer.policy.js';
import { Line } from '../line.js';

const DAY = /^[12]\d{3}-\d\d-\d\d$/;
const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

const isDayOrInstant = (value: unknown): boolean =>
  typeof value === 'string' && (DAY.test(value) || INSTANT.test(value)) && DateTime.fromISO(value).isValid;

/** A day of the calendar, or an instant with its offset from UTC, as text. */
const DayOrInstant = (): PropertyDecorator => (target, name) =>
  registerDecorator({
    name: 'isDayOrInstant',
    target: target.constructor,
    propertyName: String(name),
    validator: {
      validate: isDayOrInstant,
      defaultMessage: () => 'must be a day such as 2027-03-31, or an instant such as 2027-03-31T15:30:00Z',
    },
  });

export class PinLevel {
  /** At least this one. */
  @ApiProperty({ enum: CUSTOMER_LEVELS, example: 'gold' })
  @IsIn(CUSTOMER_LEVELS)
  level: CustomerLevel;

  /** @example "Promised after the late delivery" */
  @Line(1, 500)
  reason: string;

  /**
   * A day, through whose end in the tenant's time zone it holds, or an instant; within ten years.
   * @example "2030-12-31"
   */
  @DayOrInstant()
  until: string;
}

/** What holds the level of a customer up. */
export class LevelPinView {
  @ApiProperty({ enum: CUSTOMER_LEVELS, example: 'gold' })
  level: CustomerLevel;
  /** By merit: what counts again when the pin ends. */
  @ApiProperty({ enum: CUSTOMER_LEVELS, nullable: true, example: 'silver' })
  earned: CustomerLevel | null;
  /** @example "Promised after the late delivery" */
  reason: string;
  /** @example "2030-12-31T23:00:00.000Z" */
  @ApiProperty({ type: String, format: 'date-time' })
  until: string;
  /**
   * Who pinned it.
   * @example "01920000-0001-7001-8000-000000000003"
   */
  by: string;
}
