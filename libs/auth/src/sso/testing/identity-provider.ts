import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export type Claims = Record<string, unknown> & { sub: string };
/** What a hostile provider makes of the ID token that it was about to answer. */
export type Tampering = {
  readonly claims?: (claims: Claims) => Claims;
  readonly sign?: (header: string, payload: string) => string;
};

const SCOPES = 'openid email profile';
export const CLIENT = { id: 'nexus', secret: 'a-secret-that-the-provider-knows-1' };

const rsa = (): { privateKey: KeyObject; publicKey: KeyObject } => generateKeyPairSync('rsa', { modulusLength: 2048 });
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Somebody else's identity provider, the real thing, that logs in whoever it is told to, and may answer with a lie. */
export class IdentityProvider {
  /** Who is logged in at the provider. */
  person: Claims = { sub: 'nobody' };
  lie: Tampering | undefined;
  tokenRequests = 0;
  private readonly key = rsa();
  private readonly people = new Map<string, Claims>();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(redirectUris: string[]): Promise<IdentityProvider> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const made = new IdentityProvider(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const provider = made.provider(redirectUris);
    const answer = provider.callback();
    server.on('request', (request: IncomingMessage, reply: ServerResponse) => {
      if (request.url?.startsWith('/interaction/')) void made.logIn(provider, request, reply);
      else if (request.url?.startsWith('/token')) made.answerToken(answer, request, reply);
      else void answer(request, reply);
    });
    return made;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** Signs as this provider does. */
  readonly sign = (header: string, payload: string): string =>
    createSign('sha256').update(`${header}.${payload}`).sign(this.key.privateKey, 'base64url');

  /** Walks as a browser does, until the provider sends it back to us: the query that it brings along. */
  async visit(url: string): Promise<Record<string, string>> {
    const cookies = new Map<string, string>();
    for (let at = url, hops = 0; hops < 10; hops++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (!location) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
      const next = new URL(location, at);
      if (next.origin !== this.issuer) return Object.fromEntries(next.searchParams);
      at = next.href;
    }
    throw new Error('the provider never sent the browser back');
  }

  private provider(redirectUris: string[]): Provider {
    const jwk = { ...this.key.privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
    const client = { client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris };
    return new Provider(this.issuer, {
      clients: [client],
      jwks: { keys: [jwk] },
      cookies: { keys: ['of a test'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => this.people.get(sub) ?? { sub } }),
      loadExistingGrant: async ({ oidc: { provider, client: asked, session } }) => {
        const grant = new provider.Grant({ clientId: asked?.clientId, accountId: session?.accountId });
        grant.addOIDCScope(SCOPES);
        await grant.save();
        return grant;
      },
    });
  }

  private logIn(provider: Provider, request: IncomingMessage, reply: ServerResponse): Promise<void> {
    this.people.set(this.person.sub, { ...this.person });
    return provider.interactionFinished(request, reply, { login: { accountId: this.person.sub } });
  }

  private answerToken(answer: ReturnType<Provider['callback']>, request: IncomingMessage, reply: ServerResponse): void {
    this.tokenRequests++;
    const end = reply.end.bind(reply);
    const ended = (body?: string | Buffer): ServerResponse => {
      const text = this.tampered(String(body ?? ''));
      reply.setHeader('content-length', Buffer.byteLength(text));
      return end(text);
    };
    if (this.lie) reply.end = ended as never;
    void answer(request, reply);
  }

  private tampered(body: string): string {
    const told = JSON.parse(body) as { id_token?: string };
    if (!told.id_token || !this.lie) return body;
    const [header = '', payload = ''] = told.id_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
    const lied = encoded(this.lie.claims?.(claims) ?? claims);
    const signature = (this.lie.sign ?? this.sign)(header, lied);
    return JSON.stringify({ ...told, id_token: `${header}.${lied}.${signature}` });
  }
}

/** A signature by a key that is not the provider's. */
export function forgedSignature(header: string, payload: string): string {
  return createSign('sha256').update(`${header}.${payload}`).sign(rsa().privateKey, 'base64url');
}
