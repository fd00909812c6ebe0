import { isUtf8 } from 'node:buffer';
import type { MailLimits } from './limits.js';
import { MailRefused } from './mail-refused.js';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const EQUALS = 0x3d;
const JOINED_BYTES = 64 * 1024;
const BOUNDARY = /\bboundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i;

export type PreparedMail = {
  /** What the parser reads: leading junk gone, headers in UTF-8, base64 lines joined. */
  readonly bytes: Buffer;
  /** Where the body of the mail starts in `bytes`; its length when there is none. */
  readonly bodyAt: number;
  readonly repairs: readonly string[];
};

/**
 * One cheap walk over the raw lines before the parser sees them: refuses what would cost too much, and repairs what the
 * parser would lose (8-bit headers that are not UTF-8, bare CR line ends, blank lines or a byte order mark in front).
 * @throws MailRefused
 */
export function prepareMail(raw: Buffer, limits: MailLimits): PreparedMail {
  if (raw.length > limits.maxBytes) throw new MailRefused('too_large');
  const repairs: string[] = [];
  const start = startOfHeaders(raw);
  if (start >= raw.length) throw new MailRefused('empty');
  if (start > 0) repairs.push('leading_junk');
  let bytes = raw.subarray(start);
  if (!bytes.includes(LF) && bytes.includes(CR)) {
    bytes = Buffer.from(bytes.toString('latin1').replaceAll('\r', '\n'), 'latin1');
    repairs.push('bare_cr');
  }
  return new Walk(bytes, limits, repairs).prepared();
}

function startOfHeaders(raw: Buffer): number {
  let at = raw.length >= 3 && raw.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  while (at < raw.length && (raw[at] === LF || raw[at] === CR || raw[at] === 0x20 || raw[at] === 0x09)) at++;
  // An mbox separator line is not a header (RFC 4155).
  if (raw.toString('latin1', at, at + 5) !== 'From ') return at;
  const end = raw.indexOf(LF, at);
  return end < 0 ? at : end + 1;
}

type State = 'header' | 'body' | 'base64';

class Walk {
  private readonly chunks: Buffer[] = [];
  private readonly boundaries = new Set<string>();
  private state: State = 'header';
  private copiedTo = 0;
  private length = 0;
  private bodyAt = -1;
  private lines = 0;
  private fields = 0;
  private headerBytes = 0;
  private parts = 0;
  private field = '';
  private fieldBytes = 0;
  private isBase64: boolean | null = null;
  private joined = 0;
  private charset: string | null = null;

  constructor(
    private readonly bytes: Buffer,
    private readonly limits: MailLimits,
    private readonly repairs: string[],
  ) {}

  prepared(): PreparedMail {
    for (let at = 0; at < this.bytes.length;) {
      const lf = this.bytes.indexOf(LF, at);
      const next = lf < 0 ? this.bytes.length : lf + 1;
      this.line(at, lf < 0 ? next : trimCr(this.bytes, at, lf), next);
      at = next;
    }
    this.closeField();
    this.copy(this.bytes.length);
    const bytes = this.chunks.length === 1 ? (this.chunks[0] ?? this.bytes) : Buffer.concat(this.chunks);
    return { bytes, bodyAt: this.bodyAt < 0 ? bytes.length : this.bodyAt, repairs: [...new Set(this.repairs)] };
  }

  private line(at: number, end: number, next: number): void {
    if (this.state === 'header') return this.headerLine(at, end, next);
    if (this.bytes[at] === DASH && this.bytes[at + 1] === DASH) return this.dashes(at, end);
    if (this.state === 'base64') return this.base64Line(at, end, next);
    this.spend(1);
  }

  private headerLine(at: number, end: number, next: number): void {
    this.spend(1);
    if (end === at) return this.startBody(next);
    this.headerBytes += end - at;
    if (this.headerBytes > this.limits.maxHeaderBytes) throw new MailRefused('headers_too_large');
    const isFolded = this.bytes[at] === 0x20 || this.bytes[at] === 0x09;
    if (!isFolded) this.closeField();
    this.fieldBytes += end - at;
    if (this.fieldBytes > this.limits.maxFieldBytes) throw new MailRefused('headers_too_large');
    if (!isFolded && this.bodyAt < 0 && ++this.fields > this.limits.maxHeaders)
      throw new MailRefused('too_many_headers');
    const line = this.bytes.subarray(at, end);
    this.keepStructural(line, isFolded);
    if (!isUtf8(line)) this.transcode(at, end);
  }

  /** Only the fields that decide how the body is read are collected; the others pass by. */
  private keepStructural(line: Buffer, isFolded: boolean): void {
    if (isFolded ? this.field === '' : (line[0] ?? 0) !== 0x43 && (line[0] ?? 0) !== 0x63) return;
    const text = line.toString('latin1');
    if (isFolded || /^content-(?:type|transfer-encoding)[ \t]*:/i.test(text)) this.field += text;
  }

  private closeField(): void {
    const field = this.field;
    this.field = '';
    this.fieldBytes = 0;
    if (/^content-type[^/]*multipart\//i.test(field)) {
      const match = BOUNDARY.exec(field);
      const boundary = (match?.[1] ?? match?.[2] ?? '').trimEnd();
      if (boundary) this.boundaries.add(boundary);
    } else if (/^content-transfer/i.test(field)) this.isBase64 ??= /base64/i.test(field);
  }

  private startBody(next: number): void {
    this.closeField();
    this.state = this.isBase64 ? 'base64' : 'body';
    this.isBase64 = null;
    if (this.bodyAt >= 0) return;
    this.copy(next);
    this.bodyAt = this.length;
  }

  /** A line of two dashes may open a part. Either way it ends the joining of base64 lines, so no delimiter is lost. */
  private dashes(at: number, end: number): void {
    this.spend(1);
    if (this.state === 'base64') this.state = 'body';
    this.joined = 0;
    if (end - at > 1_000) return;
    const delimiter = this.bytes.toString('latin1', at + 2, end).trimEnd();
    if (!this.boundaries.has(delimiter)) return;
    if (++this.parts > this.limits.maxParts) throw new MailRefused('too_many_parts');
    this.state = 'header';
  }

  /** The decoder skips line ends inside base64, so joining them is lossless and saves the cost of each line. */
  private base64Line(at: number, end: number, next: number): void {
    // Every padding makes the decoder start a new chunk, which costs like a line.
    const line = this.bytes.subarray(at, end);
    for (let pad = line.indexOf(EQUALS); pad >= 0; pad = line.indexOf(EQUALS, pad + 1)) this.spend(1);
    this.joined += end - at;
    if (this.joined >= JOINED_BYTES) {
      this.joined = 0;
      return this.spend(1);
    }
    const following = this.bytes[next];
    if (next >= this.bytes.length || (following === DASH && this.bytes[next + 1] === DASH)) return;
    this.copy(end);
    this.copiedTo = next;
  }

  private transcode(at: number, end: number): void {
    this.copy(at);
    this.charset ??= singleCharset(this.bytes);
    this.push(Buffer.from(new TextDecoder(this.charset).decode(this.bytes.subarray(at, end)), 'utf8'));
    this.copiedTo = end;
    this.repairs.push('eight_bit_header');
  }

  private spend(lines: number): void {
    this.lines += lines;
    if (this.lines > this.limits.maxLines) throw new MailRefused('too_many_lines');
  }

  private copy(to: number): void {
    if (to > this.copiedTo) this.push(this.bytes.subarray(this.copiedTo, to));
    this.copiedTo = Math.max(this.copiedTo, to);
  }

  private push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }
}

function trimCr(bytes: Buffer, at: number, lf: number): number {
  let end = lf;
  while (end > at && bytes[end - 1] === CR) end--;
  return end;
}

/** The first charset the mail declares that is not UTF-8: raw 8-bit headers are mostly written in it. */
function singleCharset(bytes: Buffer): string {
  const declared = /charset\s*=\s*"?([\w.:-]{2,40})/i
    .exec(bytes.toString('latin1', 0, JOINED_BYTES))?.[1]
    ?.toLowerCase();
  if (!declared || /^(?:utf-?8|us-ascii|utf-?16\w*)$/.test(declared)) return 'windows-1252';
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    return 'windows-1252';
  }
}
