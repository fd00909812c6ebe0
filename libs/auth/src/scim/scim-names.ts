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
