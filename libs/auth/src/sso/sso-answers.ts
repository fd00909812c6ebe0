import { Injectable, Logger } from '@nestjs/common';
import { Config } from '@app/platform';
import * as oidc from 'openid-client';
import type { Begun, Taken } from './sso-attempts.js';
import { SsoClients } from './sso-clients.js';
import type { SsoProvider } from './sso-provider.entity.js';
import { SsoRefused } from './sso.errors.js';

/** Whom a provider means, once its answer has stood every check. */
export type Vouched = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  readonly isEmailVerified: boolean;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
};

const LONGEST_SUBJECT = 255; // OpenID Connect Core, 2

/** The authorization code flow with PKCE (RFC 7636), as RFC 9700 asks for it. */
@Injectable()
export class SsoAnswers {
  private readonly log = new Logger('sso');

  constructor(
    private readonly config: Config,
    private readonly clients: SsoClients,
  ) {}

  /** Where the browser goes. @throws SsoUnavailable */
  async askAt(provider: SsoProvider, { state, nonce, verifier }: Begun): Promise<string> {
    const client = await this.clients.of(provider);
    const url = oidc.buildAuthorizationUrl(client, {
      response_type: 'code',
      redirect_uri: this.backTo(provider),
      scope: provider.scopes,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  /**
   * State, issuer (RFC 9207), code, and of the ID token signature, issuer, audience, times and nonce are checked.
   * @throws SsoRefused, SsoUnavailable
   */
  async read(provider: SsoProvider, query: URLSearchParams, state: string, taken: Taken): Promise<Vouched> {
    const client = await this.clients.of(provider);
    const url = new URL(this.backTo(provider));
    url.search = query.toString();
    try {
      return await this.exchange(client, url, state, taken);
    } catch (error) {
      this.log.warn({ reason: reasonOf(error), providerId: provider.id }, 'an identity provider was not believed');
      throw new SsoRefused();
    }
  }

  private async exchange(client: oidc.Configuration, url: URL, state: string, taken: Taken): Promise<Vouched> {
    const tokens = await oidc.authorizationCodeGrant(client, url, {
      expectedState: state,
      expectedNonce: taken.nonce,
      pkceCodeVerifier: taken.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims || claims.sub.length > LONGEST_SUBJECT) throw new SsoRefused();
    const hasMore = claims.email === undefined && client.serverMetadata().userinfo_endpoint !== undefined;
    const told = hasMore ? await oidc.fetchUserInfo(client, tokens.access_token, claims.sub) : claims;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: textOf(told.email)?.toLowerCase(),
      isEmailVerified: told.email_verified === true,
      firstName: textOf(told.given_name),
      lastName: textOf(told.family_name),
    };
  }

  private backTo({ id, redirectUri }: SsoProvider): string {
    return redirectUri ?? `${this.config.PUBLIC_URL}/api/v1/auth/sso/${id}/callback`;
  }
}

const textOf = (claim: unknown): string | undefined => (typeof claim === 'string' ? claim : undefined);

/** Its name and code: a message may quote what came. */
const reasonOf = (error: unknown): string => {
  const { name, code } = error as { name?: string; code?: string };
  return [name, code].filter(Boolean).join(' ');
};
