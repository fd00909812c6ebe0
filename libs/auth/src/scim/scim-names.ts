/** Names that RFC 7643 and RFC 7644 prescribe. */
export const URN = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
} as const;

/** Of this API; where a directory is pointed to. */
export const SCIM_BASE = '/api/v1/scim/v2';
export const SCIM_TYPE = 'application/scim+json';

/** How many resources one answer holds at most, and one request without `count`. */
export const MOST_RESULTS = 200;
export const USUAL_RESULTS = 100;

/** When SCIM refuses, by status. */
export const SCIM_REFUSALS: Readonly<Record<number, string>> = {
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
