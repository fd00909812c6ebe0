import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { Matches } from 'class-validator';

const clean = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.trim().normalize('NFC') : value;

/** Text as people write it on one line: trimmed, composed, and without what could break out of a mail's header. */
export const OneLine = (): PropertyDecorator =>
  applyDecorators(
    Transform(clean),
    Matches(/^[^\p{Cc}\u2028\u2029]*$/u, { message: 'must be one line without control characters' }),
  );
