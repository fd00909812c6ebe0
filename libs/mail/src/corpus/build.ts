import type { RefusalReason } from '../parsing/mail-refused.js';

/** What a corpus mail is expected to yield. Only what is named is compared. */
export type Outcome = {
  readonly from?: string | null;
  readonly fromName?: string;
  readonly to?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly replyText?: string;
  readonly html?: string | null;
  readonly messageId?: string | null;
  readonly inReplyTo?: readonly string[];
  readonly references?: readonly string[];
  readonly date?: string | null;
  /** `name type kind size` of each. */
  readonly attachments?: readonly string[];
  readonly defects?: readonly string[];
  readonly reasons?: readonly string[];
  readonly isBounce?: boolean;
};

export type CorpusMail = {
  readonly name: string;
  readonly raw: Buffer;
  readonly expected: Outcome | { readonly refused: RefusalReason };
};

const FROM = 'From: Ann <ann@example.org>';
const DATE = 'Date: Mon, 2 Nov 2026 10:00:00 +0100';
const ID = 'Message-ID: <one@example.org>';

/** Exact bytes: strings are latin1, so that `\xe9` is one byte. Lines end in CRLF unless told. */
export function bytes(lines: readonly (string | Buffer)[], eol = '\r\n'): Buffer {
  const encoded = lines.map((line) => (Buffer.isBuffer(line) ? line : Buffer.from(line, 'latin1')));
  return Buffer.concat(encoded.flatMap((line, at) => (at === 0 ? [line] : [Buffer.from(eol), line])));
}

/** A mail with a sender, a date and a Message-ID, so that a case names only what it is about. */
export function aMail(headers: readonly (string | Buffer)[], ...body: (string | Buffer)[]): Buffer {
  return bytes([FROM, DATE, ID, ...headers, '', ...body]);
}

export function aMultipart(type: string, ...parts: (readonly (string | Buffer)[])[]): Buffer {
  const delimited = parts.flatMap((part) => ['--=_b1', ...part]);
  return aMail([`Content-Type: multipart/${type}; boundary="=_b1"`, 'MIME-Version: 1.0'], ...delimited, '--=_b1--', '');
}

/** Parts nested `depth` times, each level a multipart of its own. */
export function nested(depth: number): Buffer {
  const open = Array.from({ length: depth }, (_, level) => [
    `Content-Type: multipart/mixed; boundary=b${level}`,
    '',
    `--b${level}`,
  ]).flat();
  return bytes(['From: ann@example.org', ...open, 'Content-Type: text/plain', '', 'deep']);
}

export function withParts(count: number): Buffer {
  const parts = Array.from({ length: count }, () => ['--p', 'Content-Type: text/plain', '', 'x']).flat();
  return bytes(['From: ann@example.org', 'Content-Type: multipart/mixed; boundary=p', '', ...parts, '--p--']);
}

export const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
export const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
