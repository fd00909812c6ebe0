import { Clock } from '@app/kernel';
import { Config, Outbound, SecretsAtRest } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import * as oidc from 'openid-client';
import { placeOfClientSecret, type SsoProvider } from './sso-provider.entity.js';
import { SsoUnavailable } from './sso.errors.js';

const KEPT_MS = 600_000;
const MOST_KEPT = 200;
const TIMEOUT_SECONDS = 10;

type Kept = { readonly client: oidc.Configuration; readonly until: number };

/** What we are to each provider. Its documents are read anew every ten minutes, and when its settings change. */
@Injectable()
export class SsoClients {
  private readonly log = new Logger('sso');
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly outbound: Outbound,
    private readonly secrets: SecretsAtRest,
  ) {}

  /** @throws SsoUnavailable */
  async of(provider: SsoProvider): Promise<oidc.Configuration> {
    const key = `${provider.tenantId}:${provider.id}:${provider.version}`;
    const now = this.clock.now().getTime();
    const known = this.kept.get(key);
    if (known && known.until > now) return known.client;
    const client = await this.discover(provider).catch((error: Error) => {
      this.log.warn({ err: error, providerId: provider.id }, 'an identity provider could not be asked');
      throw new SsoUnavailable();
    });
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(key, { client, until: now + KEPT_MS });
    return client;
  }

  /** The signature of each ID token is checked against the provider's keys, though it comes straight from there. */
  private discover(provider: SsoProvider): Promise<oidc.Configuration> {
    const isInTheHouse = this.config.OUTBOUND_PRIVATE_NETWORKS.length > 0 && provider.issuer.startsWith('http:');
    const metadata = { [oidc.clockSkew]: Math.round((this.clock.now().getTime() - Date.now()) / 1000) };
    return oidc.discovery(new URL(provider.issuer), provider.clientId, metadata, this.authentication(provider), {
      [oidc.customFetch]: (url, { method, headers, body, signal }) =>
        this.outbound.fetch(url, { method, headers, signal, body: textOf(body) }),
      execute: [oidc.enableNonRepudiationChecks, ...(isInTheHouse ? [oidc.allowInsecureRequests] : [])],
      timeout: TIMEOUT_SECONDS,
    });
  }

  /** As the provider takes it: without a word of it, by the header (OpenID Connect Core, 9). */
  private authentication({ tenantId, id, clientSecret }: SsoProvider): oidc.ClientAuth {
    if (!clientSecret) return oidc.None();
    const secret = this.secrets.open(clientSecret, placeOfClientSecret(tenantId, id));
    const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
    return (server, ...rest) => {
      const takes = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
      return (takes.includes('client_secret_basic') ? basic : post)(server, ...rest);
    };
  }
}

/** openid-client sends forms alone. */
const textOf = (body: unknown): string | null => (body instanceof URLSearchParams ? body.toString() : null);
