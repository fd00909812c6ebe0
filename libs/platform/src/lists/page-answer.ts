import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { PageMeta } from './page.dto.js';

/** Documents the 200 answer of a list, which no decorator can read off `Page<View>`: `{ data, meta }`. */
export const ApiPage = (view: Type): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(PageMeta, view),
    ApiOkResponse({
      schema: {
        type: 'object',
        required: ['data', 'meta'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(view) } },
          meta: { $ref: getSchemaPath(PageMeta) },
        },
      },
    }),
  );
