import { Unauthenticated } from '@app/kernel';

/** What a request shows of its caller. */
export type Credential =
  { readonly kind: 'jwt'; readonly token: string } | { readonly kind: 'api_key'; readonly key: string };

type Headers = Record<string, string | string[] | undefined>;

const BEARER = /^Bearer ([^\s]+)$/i;
const RAW_JWT = /^[^\s.]+\.[^\s.]+\.[^\s.]*$/;

/** Any fault of a credential gives this one answer: what exactly was wrong is nobody's business. */
export class BadCredential extends Unauthenticated {
  constructor() {
    super('unauthenticated', 'The request needs a valid token');
  }
}

/**
 * `Authorization: Bearer <jwt>`, the raw form `authorization: <jwt>` where it is allowed, or `X-API-Key`.
 * @returns undefined when the request shows none. @throws BadCredential for any other scheme
 */
export function readCredential(headers: Headers, allowRawJwt: boolean): Credential | undefined {
  const authorization = headers.authorization;
  if (typeof authorization === 'string' && authorization !== '') {
    const token =
      BEARER.exec(authorization)?.[1] ?? (allowRawJwt && RAW_JWT.test(authorization) ? authorization : undefined);
    if (!token) throw new BadCredential();
    return { kind: 'jwt', token };
  }
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? { kind: 'api_key', key } : undefined;
}
