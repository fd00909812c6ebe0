import { OneLine } from '@app/platform';
import { applyDecorators } from '@nestjs/common';
import { IsString, Length, Matches, registerDecorator } from 'class-validator';

/** One line of text of so many characters. */
export const Line = (least: number, most: number): PropertyDecorator =>
  applyDecorators(OneLine(), IsString(), Length(least, most));

const isDay = (value: unknown): boolean => {
  if (typeof value !== 'string' || !/^[12]\d{3}-\d\d-\d\d$/.test(value)) return false;
  const midnight = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(value);
};

const checked =
  (name: string, message: string, validate: (value: unknown) => boolean): PropertyDecorator =>
  (target, propertyName) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      options: { message },
      validator: { validate },
    });

/** A day of the calendar, `YYYY-MM-DD`, that there is. */
export const Day = (): PropertyDecorator => checked('isDay', 'must be a day such as 2026-11-06', isDay);

/** Money: minor units and an ISO 4217 code. */
export const Currency = (): PropertyDecorator => applyDecorators(IsString(), Matches(/^[A-Z]{3}$/));
