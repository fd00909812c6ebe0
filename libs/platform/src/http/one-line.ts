import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { Matches } from 'class-validator';

const clean = (value: unknown): unknown => (typeof value === 'string' ? value.trim().normalize('NFC') : value);

/** Text as people write it on one line: trimmed, composed, and without what could break out of a mail's header. */
export const OneLine = ({ each = false } = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: TransformFnParams): unknown =>
      each && Array.isArray(value) ? value.map(clean) : clean(value),
    ),
    Matches(/^[^\p{Cc}\u2028\u2029]*$/u, { each, message: 'must be one line without control characters' }),
  );
