import { MayBeAbsent } from '@app/platform';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject } from 'class-validator';

/** The property `customFields` of a body. What is in it is judged by the fields of the tenant. */
export const ApiFieldValues = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: true,
      description:
        'By the keys of `GET /custom-fields`: what is absent stays, what is null goes; PUT takes away what is absent as well. Money is `{ "amount": 1200, "currency": "EUR" }` in minor units. 400 `invalid_custom_fields`.',
    }),
    MayBeAbsent(),
    IsObject(),
  );
