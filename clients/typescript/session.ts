import { ProblemError } from './problem.js';
import type { components } from './schema.js';

export type Tokens = { accessToken: string; refreshToken: string };
type Send = (request: Request) => Promise<Response>;

const OPEN = /\/api\/v1\/auth\/(login|refresh|password\/(forgot|reset))\b/;

/** Whose calls these are. An access token that is over is exchanged once, however many calls find out at the same time. */
export class Session {
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly baseUrl: string,
    private readonly send: Send,
    private tokens: Tokens | undefined,
    private readonly onTokens: (tokens: Tokens | undefined) => void,
  ) {}

  get isOpen(): boolean {
    return this.tokens !== undefined;
  }

  /** Takes up new tokens, or with undefined ends here; the owner of the client is told, to keep them. */
  use(tokens: Tokens | undefined): void {
    this.tokens = tokens;
    this.onTokens(tokens);
  }

  /** Sends with the access token, and once more with a new one where the old is over. @throws ProblemError `refresh_refused` when the session is over too */
  async fetch(request: Request): Promise<Response> {
    const used = this.tokens;
    if (!used || request.headers.has('authorization') || OPEN.test(request.url)) return this.send(request);
    const again = request.clone();
    const answer = await this.send(withToken(request, used));
    if (answer.status !== 401 || !(await isOver(answer))) return answer;
    await this.refresh(used);
    return this.send(this.tokens ? withToken(again, this.tokens) : again);
  }

  private async refresh(used: Tokens): Promise<void> {
    if (this.tokens?.accessToken !== used.accessToken) return; // another call has exchanged them meanwhile
    this.refreshing ??= this.exchange(used).finally(() => (this.refreshing = undefined));
    await this.refreshing;
  }

  private async exchange({ refreshToken }: Tokens): Promise<void> {
    const answer = await this.send(
      new Request(`${this.baseUrl}/api/v1/auth/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken }),
      }),
    );
    if (!answer.ok) {
      if (answer.status === 401) this.use(undefined);
      throw await ProblemError.of(answer);
    }
    const next = (await answer.json()) as components['schemas']['TokensView'];
    this.use({ accessToken: next.accessToken, refreshToken: next.refreshToken });
  }
}

/** A 401 of another code is an answer of the route, such as a wrong one-time code. */
async function isOver(answer: Response): Promise<boolean> {
  const problem = await ProblemError.of(answer.clone());
  return problem.code === 'unauthenticated';
}

function withToken(request: Request, { accessToken }: Tokens): Request {
  request.headers.set('authorization', `Bearer ${accessToken}`);
  return request;
}
