import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProduces, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ScimErrorView } from './scim.dto.js';
import { SCIM_REFUSALS, SCIM_TYPE } from './scim-names.js';

/** Where the new resource is found, for the document. */
export const LOCATION = { Location: { description: 'Its own address.', schema: { type: 'string' } } } as const;

/** Documents what SCIM prescribes: its content type, and its own form of refusals (RFC 7644, section 3.12). */
export const ApiScim = (): ClassDecorator =>
  applyDecorators(
    ApiProduces(SCIM_TYPE),
    ApiExtraModels(ScimErrorView),
    ...Object.entries(SCIM_REFUSALS).map(([status, description]) =>
      ApiResponse({
        status: Number(status),
        description,
        content: { [SCIM_TYPE]: { schema: { $ref: getSchemaPath(ScimErrorView) } } },
      }),
    ),
  );
