/** The little of it that the tests use; it brings no types along. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  type Context = {
    oidc: { provider: Provider; client?: { clientId: string }; session?: { accountId?: string } };
  };
  type Account = { accountId: string; claims(): object };
  type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> };

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    readonly Grant: new (properties: { clientId?: string; accountId?: string }) => Grant;
    callback(): (request: IncomingMessage, reply: ServerResponse) => Promise<void>;
    interactionFinished(
      request: IncomingMessage,
      reply: ServerResponse,
      result: { login: { accountId: string } },
    ): Promise<void>;
  }

  export type Configuration = {
    clients: object[];
    jwks: { keys: object[] };
    cookies: { keys: string[] };
    claims: Record<string, string[]>;
    pkce: { required(): boolean };
    features: Record<string, { enabled: boolean }>;
    interactions: { url(context: Context, interaction: { uid: string }): string };
    findAccount(context: Context, sub: string): Account;
    loadExistingGrant(context: Context): Promise<Grant>;
  };
}
