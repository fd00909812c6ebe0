import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

/** Types that no browser runs. Everything else leaves as bytes of no kind, whatever its sender called it. */
const HARMLESS = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
  'text/csv',
  'text/calendar',
  'message/rfc822',
]);

/**
 * `attachment` with the name twice (RFC 6266, 4.3): in ASCII for old clients, in UTF-8 (RFC 8187) for all others. Nothing in
 * a name can end the header or its quotes.
 */
export function contentDisposition(filename: string): string {
  const name = filename.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029/\\]|\p{Surrogate}/gu, '_') || 'file';
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["%]/g, '_');
  const extended = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
}

/** A stored file as an answer to be saved, never shown: its type is only told when it is harmless. */
export function toDownload(stream: Readable, of: { filename: string; mimeType: string; size: number }): StreamableFile {
  return new StreamableFile(stream, {
    type: HARMLESS.has(of.mimeType) ? of.mimeType : 'application/octet-stream',
    disposition: contentDisposition(of.filename),
    length: of.size,
  });
}
