import { SetMetadata } from '@nestjs/common';
import type { Credential } from './credential.js';

export const KEY_AS_BEARER = 'nexus:key-as-bearer';

/**
 * A service token's key opens these routes as `Authorization: Bearer <key>` too. For callers that know no other header,
 * as directories do (RFC 7644, section 2).
 */
export const KeyAsBearer = (): ClassDecorator & MethodDecorator => SetMetadata(KEY_AS_BEARER, true);

/** What has no dots is no JSON Web Token. */
export const asKey = (credential: Credential): Credential =>
  credential.kind === 'jwt' && !credential.token.includes('.')
    ? { kind: 'api_key', key: credential.token }
    : credential;
