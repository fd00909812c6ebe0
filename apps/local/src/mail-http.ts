import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type StoredMail } from './mail-message.js';
import { mailPage, PAGE_POLICY } from './mail-page.js';

/** What the next mails meet. `drop_after_data` takes the mail and cuts the line before saying so. */
export const BEHAVIOURS = ['accept', 'reject_permanent', 'reject_temporary', 'drop_after_data'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** The part of the sink that HTTP shows: mails newest first. */
export type Mailbox = {
  list(): readonly StoredMail[];
  clear(): void;
  behave(mode: Behaviour, times?: number): void;
};

const MAX_BODY = 10_000;

type Answer = { status: number; type?: string; body?: string | Buffer };

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

export function mailHttp(mailbox: Mailbox): Server {
  return createServer((request, response) => {
    answer(mailbox, request).then(
      (result) => write(response, result),
      (error: Error) => write(response, json(400, { message: error.message })),
    );
  });
}

async function answer(mailbox: Mailbox, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://sink');
  const raw = /^\/messages\/([\w-]+)\/raw$/.exec(pathname);
  switch (`${request.method} ${raw ? '/messages/:id/raw' : pathname}`) {
    case 'GET /':
      return {
        status: 200,
        type: 'text/html; charset=utf-8',
        body: mailPage(mailbox.list().map(({ message }) => message)),
      };
    case 'GET /messages':
      return json(
        200,
        mailbox.list().map(({ message }) => message),
      );
    case 'DELETE /messages':
      mailbox.clear();
      return { status: 204 };
    case 'GET /messages/:id/raw': {
      const mail = mailbox.list().find(({ message }) => message.id === raw?.[1]);
      return mail
        ? { status: 200, type: 'text/plain; charset=utf-8', body: mail.raw }
        : json(404, { message: 'No such mail' });
    }
    case 'POST /behaviour': {
      const { mode, times } = parseBehaviour(await readBody(request));
      mailbox.behave(mode, times);
      return { status: 204 };
    }
    default:
      return json(404, { message: `There is no ${request.method} ${pathname}` });
  }
}

export function parseBehaviour(body: string): { mode: Behaviour; times?: number } {
  const { mode, times } = JSON.parse(body) as { mode?: unknown; times?: unknown };
  const known = BEHAVIOURS.find((behaviour) => behaviour === mode);
  if (!known) throw new Error(`mode must be one of ${BEHAVIOURS.join(', ')}`);
  if (times === undefined) return { mode: known };
  if (typeof times !== 'number' || !Number.isInteger(times) || times < 1)
    throw new Error('times must be a whole number from 1');
  return { mode: known, times };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY) throw new Error('The body is too long');
  }
  return body;
}

function write(response: ServerResponse, { status, type, body }: Answer): void {
  const headers = {
    'content-security-policy': PAGE_POLICY,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  response.writeHead(status, type ? { ...headers, 'content-type': type } : headers).end(body);
}
