import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, ValidateBy } from 'class-validator';
import { canonicalLanguage } from './person.js';

const isLanguage = (value: unknown): boolean => typeof value === 'string' && canonicalLanguage(value) !== undefined;

export const IsLanguage = (): PropertyDecorator =>
  ValidateBy({
    name: 'isLanguage',
    validator: {
      validate: isLanguage,
      defaultMessage: () => 'must be a language tag (BCP 47) such as de or en-GB',
    },
  });

/** HH:MM. */
export const IsClockTime = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'must be a time of the day from 00:00 to 23:59' }),
  );
