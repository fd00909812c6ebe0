import type { LookupAddress } from 'node:dns';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { OutboundRefused } from './outbound-refused.js';

type Limits = { readonly deadline: AbortSignal; readonly bytes: number };

export type OutboundRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | null;
  readonly signal?: AbortSignal | null;
};

export type Exchanged = { readonly status: number; readonly headers: Headers; readonly body: Buffer };

const LARGEST_HEAD = 16 * 1024;

/** Connects to what was checked, under the name that was asked for: TLS and virtual hosts see that. */
const pinned =
  (found: readonly LookupAddress[]): LookupFunction =>
  (_host, options, done) => {
    const [first] = found;
    if (options.all) done(null, [...found]);
    else done(null, first?.address ?? '', first?.family ?? 4);
  };

/** One request and its whole answer. @throws OutboundRefused */
export async function exchange(
  url: URL,
  found: readonly LookupAddress[],
  { method = 'GET', headers = {}, body, signal }: OutboundRequest,
  { deadline, bytes }: Limits,
): Promise<Exchanged> {
  const options: RequestOptions = {
    method,
    headers: { ...headers, 'accept-encoding': 'identity', connection: 'close' },
    lookup: pinned(found),
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    maxHeaderSize: LARGEST_HEAD,
    agent: false,
  };
  try {
    return await read(await send(url, options, body), bytes, url.host);
  } catch (error) {
    if (error instanceof OutboundRefused) throw error;
    throw new OutboundRefused(deadline.aborted ? 'too_slow' : 'unreachable', url.host);
  }
}

function send(url: URL, options: RequestOptions, body: OutboundRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, options, resolve);
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

async function read(answer: IncomingMessage, most: number, host: string): Promise<Exchanged> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw dropped(answer, new OutboundRefused('encoded', host)); // a bomb is not unpacked
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) throw dropped(answer, new OutboundRefused('too_large', host));
    parts.push(part);
  }
  return { status: answer.statusCode ?? 0, headers: headersOf(answer), body: Buffer.concat(parts) };
}

function dropped(answer: IncomingMessage, why: OutboundRefused): OutboundRefused {
  answer.destroy();
  return why;
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return headers;
}
