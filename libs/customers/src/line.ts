import { OneLine } from '@app/platform';
import { applyDecorators } from '@nestjs/common';
import { IsString, Length } from 'class-validator';

/** One line of text of so many characters. */
export const Line = (least: number, most: number): PropertyDecorator =>
  applyDecorators(OneLine(), IsString(), Length(least, most));
