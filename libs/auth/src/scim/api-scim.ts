import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProduces, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ScimErrorView } from './scim.dto.js';
import { SCIM_TYPE } from './scim-names.js';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'Malformed or invalid: `scimType` says in which way.',
  401: 'The key is missing, expired or revoked.',
  403: 'The key may not provision, or this is beyond a directory.',
  404: 'No such resource, or none of this tenant.',
  409: 'There is one of this name, address or `externalId` already: `uniqueness`.',
  413: 'The body is too large.',
  415: 'The body has a content type that is not read here.',
  422: 'A business rule is in the way.',
  423: 'The tenant is suspended: it is read, and not changed.',
  429: 'Too many requests; see `Retry-After`.',
  503: 'Temporarily unavailable; see `Retry-After`.',
};

/** Documents what SCIM prescribes: its content type, and its own form of refusals (RFC 7644, section 3.12). */
export const ApiScim = (): ClassDecorator =>
  applyDecorators(
    ApiProduces(SCIM_TYPE),
    ApiExtraModels(ScimErrorView),
    ...Object.entries(REFUSALS).map(([status, description]) =>
      ApiResponse({
        status: Number(status),
        description,
        content: { [SCIM_TYPE]: { schema: { $ref: getSchemaPath(ScimErrorView) } } },
      }),
    ),
  );
