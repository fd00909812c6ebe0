import { Clock } from '@app/kernel';
import { Config, STEP_UP_SECONDS } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
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
  /**
   * Whether the person showed the provider who they are in the last minutes, and it says so. It also lets people through
   * who did long ago: that is a login, and no fresh proof.
   */
  readonly isFresh: boolean;
};

const LONGEST_SUBJECT = 255; // OpenID Connect Core, 2

/** The authorization code flow with PKCE (RFC 7636), as RFC 9700 asks for it. */
@Injectable()
export class SsoAnswers {
  private readonly log = new Logger('sso');

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly clients: SsoClients,
  ) {}

  /**
   * Where the browser goes. `isFresh`: the person is to show the provider anew who they are, and it says when they did
   * (OpenID Connect Core, 3.1.2.1). @throws SsoUnavailable
   */
  async askAt(provider: SsoProvider, { state, nonce, verifier }: Begun, isFresh: boolean): Promise<string> {
    const client = await this.clients.of(provider);
    const url = oidc.buildAuthorizationUrl(client, {
      response_type: 'code',
      redirect_uri: this.backTo(provider),
      scope: provider.scopes,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(isFresh ? { prompt: 'login', max_age: '0' } : {}),
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
      isFresh: this.isFresh(claims.auth_time),
    };
  }

  private isFresh(authenticatedAt: unknown): boolean {
    if (typeof authenticatedAt !== 'number') return false;
    return this.clock.now().getTime() - authenticatedAt * 1000 < STEP_UP_SECONDS * 1000;
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
