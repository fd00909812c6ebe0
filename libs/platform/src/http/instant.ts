import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate } from 'class-validator';
import { DateTime } from 'luxon';

const WRITTEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function read({ value }: { value: unknown }): unknown {
  if (typeof value !== 'string' || !WRITTEN.test(value)) return value;
  const instant = DateTime.fromISO(value, { zone: 'utc' });
  return instant.isValid ? instant.toJSDate() : value;
}

/** A Date from RFC 3339 text with its offset from UTC: without one, the time would be read in the zone of the server. */
export const Instant = (): PropertyDecorator =>
  applyDecorators(Transform(read), IsDate({ message: 'must be an instant such as 2026-11-06T15:30:00Z' }));
