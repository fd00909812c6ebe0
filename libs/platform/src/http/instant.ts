import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsDate } from 'class-validator';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

const read = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && INSTANT.test(value) ? new Date(value) : value;

/** ISO 8601 with its offset from UTC, as a Date. Neither a number nor a date without a time is one. */
export const Instant = (): PropertyDecorator =>
  applyDecorators(Transform(read), IsDate({ message: 'must be an instant such as 2026-11-06T15:30:00Z' }));
