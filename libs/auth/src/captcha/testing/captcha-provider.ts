import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SECRET = 'the-secret-that-the-provider-gave-out';
/** How it misbehaves: never answers, answers no JSON, answers something else, breaks off, is out of order. */
export type Fault = 'silent' | 'garbage' | 'other' | 'hangs_up' | 'broken';

/** A provider of captchas that speaks `siteverify` as Turnstile does: every answer that it gave out counts once. */
export class CaptchaProvider {
  fault: Fault | undefined;
  hostname = 'crm.example.com';
  readonly asked: { method: string; type: string; form: Record<string, string> }[] = [];
  private readonly solved = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<CaptchaProvider> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const made = new CaptchaProvider(server, `http://127.0.0.1:${port}/siteverify`);
    server.on('request', (request: IncomingMessage, reply: ServerResponse) => void made.answer(request, reply));
    return made;
  }

  /** Somebody solves one. */
  solve(answer: string): string {
    this.solved.add(answer);
    return answer;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request as AsyncIterable<Buffer>) text += piece.toString('utf8');
    const form = Object.fromEntries(new URLSearchParams(text));
    this.asked.push({ method: request.method ?? '', type: request.headers['content-type'] ?? '', form });
    if (this.fault === 'silent') return;
    if (this.fault === 'hangs_up') return void reply.destroy();
    if (this.fault === 'broken') return void reply.writeHead(502).end('bad gateway');
    if (this.fault === 'garbage') return void reply.end('<html>moved</html>');
    if (this.fault === 'other') return void reply.end('{"success":"yes"}');
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.verdict(form)));
  }

  private verdict({ secret, response = '' }: Record<string, string>): object {
    if (secret !== SECRET) return { success: false, 'error-codes': ['invalid-input-secret'] };
    if (!this.solved.delete(response)) return { success: false, 'error-codes': ['timeout-or-duplicate'] };
    return { success: true, hostname: this.hostname, challenge_ts: '2026-11-02T09:00:00Z', 'error-codes': [] };
  }
}
