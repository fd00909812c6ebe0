import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { PageMeta } from './page.dto.js';

/**
 * Documents the 200 answer of a list, which no decorator can read off `Page<View>`: `{ data, meta }`. `meta`: of a list that
 * says more of itself than others.
 */
export const ApiPage = (view: Type, meta: Type<PageMeta> = PageMeta): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(meta, view),
    ApiOkResponse({
      schema: {
        type: 'object',
        required: ['data', 'meta'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(view) } },
          meta: { $ref: getSchemaPath(meta) },
        },
      },
    }),
  );
