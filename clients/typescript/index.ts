import createClient, { type Client, type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import { CREATING } from './creating.js';
import { ProblemError } from './problem.js';
import type { components, paths } from './schema.js';
import { Session, type Tokens } from './session.js';

export { type Problem, ProblemError } from './problem.js';
export type { components, operations, paths } from './schema.js';
export type { Tokens } from './session.js';

type Media = 'application/json';
type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
type PathOf<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
type Given<Init> =
  Record<never, never> extends Init ? [(Init & Record<string, unknown>)?] : [Init & Record<string, unknown>];
type Success<Answer> = Answer extends { data: infer Data } ? { data: Data; response: Response } : never;
/** As a call of openapi-fetch, but what it answers is the success: a refusal is thrown. */
type Call<M extends Method> = <P extends PathOf<M>, Init extends MaybeOptionalInit<paths[P], M>>(
  path: P,
  ...init: Given<Init>
) => Promise<Success<FetchResponse<Extract<paths[P][M], Record<string | number, unknown>>, Init, Media>>>;

type ListAnswer<Row> = {
  200: { content: { 'application/json': { data: Row[]; meta: { nextCursor: string | null } } } };
};
type ListPath = {
  [P in keyof paths]: paths[P]['get'] extends {
    parameters: { query?: { cursor?: string } };
    responses: ListAnswer<unknown>;
  }
    ? P
    : never;
}[keyof paths];
type Row<P extends ListPath> = paths[P]['get'] extends { responses: ListAnswer<infer R> } ? R : never;

export type NexusOptions = {
  /** Where the API answers, without a path: `https://nexus.example`. */
  baseUrl: string;
  /** Of a session that was kept. */
  tokens?: Tokens;
  /** Told of new tokens, to keep them, and of undefined when the session is over. */
  onTokens?: (tokens: Tokens | undefined) => void;
  /** A service token, instead of a session. */
  apiKey?: string;
  fetch?: (request: Request) => Promise<Response>;
};

/** A typed client of the API. Every call throws a ProblemError for what is refused. */
export class NexusClient {
  private readonly session: Session;
  private readonly calls: Client<paths, Media>;
  readonly GET: Call<'get'>;
  readonly PUT: Call<'put'>;
  readonly POST: Call<'post'>;
  readonly PATCH: Call<'patch'>;
  readonly DELETE: Call<'delete'>;

  constructor({ baseUrl, tokens, onTokens = () => undefined, apiKey, fetch = globalThis.fetch }: NexusOptions) {
    const root = baseUrl.replace(/\/+$/, '');
    this.session = new Session(root, (request) => fetch(request), tokens, onTokens);
    this.calls = createClient<paths, Media>({
      baseUrl: root,
      headers: apiKey ? { 'x-api-key': apiKey } : {},
      fetch: (request) => this.session.fetch(request),
    });
    this.calls.use({
      onRequest: ({ request, schemaPath }) => {
        const creates = request.method === 'POST' && CREATING.has(schemaPath);
        if (creates && !request.headers.has('idempotency-key'))
          request.headers.set('idempotency-key', crypto.randomUUID());
      },
      onResponse: async ({ response }) => {
        if (!response.ok && response.status !== 304) throw await ProblemError.of(response);
      },
    });
    this.GET = this.calls.GET as unknown as Call<'get'>;
    this.PUT = this.calls.PUT as unknown as Call<'put'>;
    this.POST = this.calls.POST as unknown as Call<'post'>;
    this.PATCH = this.calls.PATCH as unknown as Call<'patch'>;
    this.DELETE = this.calls.DELETE as unknown as Call<'delete'>;
  }

  /** Whether calls are made as somebody who logged in. */
  get isLoggedIn(): boolean {
    return this.session.isOpen;
  }

  /** Logs in, and acts as that user from now on unless the answer is `mfaRequired`: then call `/auth/login/mfa` and `use` what it answers. */
  async login(credentials: components['schemas']['Login']): Promise<components['schemas']['LoginView']> {
    const { data } = await this.POST('/api/v1/auth/login', { body: credentials });
    const { accessToken, refreshToken } = data;
    if (accessToken && refreshToken) this.use({ accessToken, refreshToken });
    return data;
  }

  /** Goes on with these tokens. */
  use({ accessToken, refreshToken }: Tokens): void {
    this.session.use({ accessToken, refreshToken });
  }

  /** Every row of a list, page by page and by cursor: a row that comes or goes meanwhile shifts no other. */
  async *each<P extends ListPath>(path: P, params: ListParams<P>): AsyncGenerator<Row<P>, void, undefined> {
    const get = this.GET as unknown as (
      path: P,
      init: object,
    ) => Promise<{ data: ListAnswer<Row<P>>[200]['content'][Media] }>;
    let cursor: string | null = '';
    while (cursor !== null) {
      const { data }: { data: ListAnswer<Row<P>>[200]['content'][Media] } = await get(path, {
        params: { ...params, query: { ...params.query, cursor } },
      });
      yield* data.data;
      cursor = data.meta.nextCursor;
    }
  }
}

/** What a list is asked with, but the place in it. */
export type ListParams<P extends ListPath> = {
  query?: paths[P]['get'] extends { parameters: { query?: infer Query } }
    ? Omit<NonNullable<Query>, 'page' | 'cursor' | 'count'>
    : never;
} & (paths[P]['get'] extends { parameters: { path: infer Path } } ? { path: Path } : { path?: never });

/** The header that lets a change through only where nobody else changed the record since it was read. */
export const ifMatch = ({ version }: { version: number }): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });
