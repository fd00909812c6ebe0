import { applyDecorators } from '@nestjs/common';
import { IsString, IsTimeZone, Matches, MaxLength, ValidateBy } from 'class-validator';
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

/** A name of the IANA database as it is written there, and no mere offset, which knows no summer. */
export const IsZoneName = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    MaxLength(64),
    Matches(/^[A-Z]/, { message: 'must be the name of a time zone such as Europe/Berlin' }),
    IsTimeZone({ message: 'must be the name of a time zone such as Europe/Berlin' }),
  );

/** HH:MM. */
export const IsClockTime = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'must be a time of the day from 00:00 to 23:59' }),
  );
