import { MayBeAbsent } from '@app/platform';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsObject } from 'class-validator';

/** As it came: the copy that class-transformer makes leaves out, unsaid, what every object has, such as `constructor`. */
const asItCame = ({ obj, key }: TransformFnParams): unknown => (obj as Record<string, unknown>)[key];

/** The property `customFields` of a body. What is in it is judged by the fields of the tenant. */
export const ApiFieldValues = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: true,
      description: `By the keys of \`GET /custom-fields\`: what is absent stays, what is null goes; with PUT, what is absent as well.
Money is \`{ "amount": 1200, "currency": "EUR" }\`, in minor units. 400 \`invalid_custom_fields\`.`,
    }),
    Transform(asItCame),
    MayBeAbsent(),
    IsObject(),
  );
