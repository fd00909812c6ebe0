import { type ErrorShape, ErrorShapePort, type Problem, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SCIM_BASE, SCIM_TYPE, URN } from './scim-names.js';

/** RFC 7644, table 9, by the codes of our refusals. */
const TYPES: Readonly<Record<string, string>> = {
  scim_invalid_filter: 'invalidFilter',
  scim_invalid_path: 'invalidPath',
  scim_no_target: 'noTarget',
  scim_invalid_syntax: 'invalidSyntax',
  scim_invalid_value: 'invalidValue',
  scim_mutability: 'mutability',
  scim_uniqueness: 'uniqueness',
  email_taken: 'uniqueness',
  username_taken: 'uniqueness',
  team_name_taken: 'uniqueness',
  validation_failed: 'invalidValue',
  invalid_request: 'invalidSyntax',
};

/** RFC 7644, section 3.12: `status` is a string. The request's id is our own addition, to find it in the logs. */
@Injectable()
@Provides(ErrorShapePort)
export class ScimErrorShape implements ErrorShape {
  readonly below = `${SCIM_BASE}/`;
  readonly contentType = SCIM_TYPE;

  shape({ status, code, detail, requestId }: Problem): object {
    const scimType = TYPES[code];
    return { schemas: [URN.error], status: String(status), ...(scimType ? { scimType } : {}), detail, requestId };
  }
}
