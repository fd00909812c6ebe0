import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsString, Length, Matches } from 'class-validator';

const clean = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.trim().normalize('NFC') : value;

/** One line of text as people write it: trimmed, composed, and without what could break out of a mail's header. */
export const Line = (least: number, most: number): PropertyDecorator =>
  applyDecorators(
    Transform(clean),
    IsString(),
    Length(least, most),
    Matches(/^\P{Cc}*$/u, { message: 'must be one line without control characters' }),
  );
