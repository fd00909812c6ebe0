import { createHash } from 'node:crypto';
import type { Attachment } from 'postal-mime';
import { cleanLine, clip, DECEPTIVE } from './text.js';

/** `calendar`: an invitation; `message`: a forwarded mail; `report`: a machine's account of delivery; `tnef`: winmail.dat. */
export type AttachmentKind = 'file' | 'calendar' | 'message' | 'report' | 'tnef';

export type MailAttachment = {
  readonly filename: string;
  readonly mimeType: string;
  readonly kind: AttachmentKind;
  readonly size: number;
  /** Without angle brackets, as `cid:` links name it. */
  readonly contentId: string | null;
  readonly inline: boolean;
  readonly content: Buffer;
  readonly sha256: string;
};

const MIME_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,80}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}$/;
const MAX_FILENAME = 150;
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const EXTENSIONS: Record<string, string> = {
  'text/calendar': 'ics',
  'application/ics': 'ics',
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'text/rfc822-headers': 'txt',
  'application/ms-tnef': 'dat',
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
};

export function toAttachment(part: Attachment, position: number): MailAttachment {
  const content = typeof part.content === 'string' ? Buffer.from(part.content) : asBuffer(part.content);
  const mimeType = MIME_TYPE.test(part.mimeType) ? part.mimeType : 'application/octet-stream';
  const fallback = `attachment-${position}.${EXTENSIONS[mimeType] ?? 'bin'}`;
  const filename = safeFilename(part.filename ?? '', fallback);
  const contentId = cleanLine(part.contentId ?? '', 250).replace(/^<|>$/g, '');
  return {
    filename,
    mimeType,
    kind: kindOf(mimeType, filename),
    size: content.length,
    contentId: contentId || null,
    inline: part.related === true || (part.disposition === 'inline' && contentId !== ''),
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

/**
 * A name that is safe to show, store and offer for download: its last path segment, without control, bidi and hidden
 * characters, not a device name, at most 150 characters with its extension kept.
 */
export function safeFilename(name: string, fallback: string): string {
  const segment =
    name
      .replace(DECEPTIVE, '')
      .replace(/\u0000/g, '')
      .split(/[\\/]/)
      .filter((part) => part.trim() !== '')
      .pop() ?? '';
  const bare = cleanLine(segment, 100_000)
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+/, '')
    .normalize('NFC');
  const named = trimEnd(bare);
  if (named === '') return fallback;
  const shortened = named.length > MAX_FILENAME ? shorten(named) : named;
  return WINDOWS_DEVICE.test(shortened) ? `_${shortened}` : shortened;
}

// A loop, because /[.\s]+$/ is retried at every dot of a run that does not end the name.
function trimEnd(name: string): string {
  let end = name.length;
  while (end > 0 && /[.\s]/.test(name.charAt(end - 1))) end--;
  return name.slice(0, end);
}

function shorten(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  return clip(name, MAX_FILENAME - extension.length) + extension;
}

function kindOf(mimeType: string, filename: string): AttachmentKind {
  if (mimeType === 'text/calendar' || mimeType === 'application/ics') return 'calendar';
  if (mimeType === 'message/rfc822' || mimeType === 'message/global') return 'message';
  if (mimeType === 'application/ms-tnef' || filename.toLowerCase() === 'winmail.dat') return 'tnef';
  return mimeType.startsWith('message/') || mimeType === 'text/rfc822-headers' ? 'report' : 'file';
}

function asBuffer(content: ArrayBuffer | Uint8Array): Buffer {
  return content instanceof Uint8Array
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.from(content);
}
