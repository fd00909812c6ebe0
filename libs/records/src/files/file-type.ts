import { HEAD_BYTES } from '@app/platform';
import { FileTypeRefused } from './file.errors.js';
import { endingOf } from './file-name.js';

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument';

type Type = { readonly mimeType: string; readonly endings: readonly string[]; is(head: Buffer): boolean };

const starts = (head: Buffer, bytes: string, at = 0): boolean =>
  head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1'));
const isArchive = (head: Buffer): boolean => starts(head, 'PK\x03\x04');
/** The first member is stored, not packed, and says what the archive is (OpenDocument 1.3, part 2, 3.3). */
const isOpenDocument = (kind: string) => (head: Buffer) =>
  isArchive(head) && starts(head, `mimetype${OPEN_DOCUMENT}.${kind}`, 30);
const isOffice = (folder: string) => (head: Buffer) => isArchive(head) && head.includes(`${folder}/`, 30, 'latin1');

/** UTF-8 without control characters other than those of lines; the last letter may be cut in two. */
function isText(head: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length >= HEAD_BYTES });
    return !/[\0-\x08\x0b\x0e-\x1f\x7f]/.test(text);
  } catch {
    return false;
  }
}

/** Every type that is taken. No browser runs one of them, and each is told by its bytes. */
const TYPES: readonly Type[] = [
  { mimeType: 'application/pdf', endings: ['pdf'], is: (head) => starts(head, '%PDF-') },
  { mimeType: 'image/png', endings: ['png'], is: (head) => starts(head, '\x89PNG\r\n\x1a\n') },
  { mimeType: 'image/jpeg', endings: ['jpg', 'jpeg'], is: (head) => starts(head, '\xff\xd8\xff') },
  { mimeType: 'image/gif', endings: ['gif'], is: (head) => starts(head, 'GIF87a') || starts(head, 'GIF89a') },
  { mimeType: 'image/webp', endings: ['webp'], is: (head) => starts(head, 'RIFF') && starts(head, 'WEBP', 8) },
  { mimeType: `${OFFICE}.wordprocessingml.document`, endings: ['docx'], is: isOffice('word') },
  { mimeType: `${OFFICE}.spreadsheetml.sheet`, endings: ['xlsx'], is: isOffice('xl') },
  { mimeType: `${OFFICE}.presentationml.presentation`, endings: ['pptx'], is: isOffice('ppt') },
  { mimeType: `${OPEN_DOCUMENT}.text`, endings: ['odt'], is: isOpenDocument('text') },
  { mimeType: `${OPEN_DOCUMENT}.spreadsheet`, endings: ['ods'], is: isOpenDocument('spreadsheet') },
  { mimeType: 'text/plain', endings: ['txt', 'md', 'log'], is: isText },
  { mimeType: 'text/csv', endings: ['csv'], is: isText },
  { mimeType: 'text/calendar', endings: ['ics'], is: isText },
];
export const KNOWN_ENDINGS = TYPES.flatMap(({ endings }) => endings);

/** What a file is, by its first bytes; whatever its sender called it. @throws FileTypeRefused unless its name says the same */
export function fileTypeOf(head: Buffer, name: string): string {
  const type = TYPES.find(({ endings }) => endings.includes(endingOf(name)));
  if (!type) throw new FileTypeRefused(`Files of this kind are not taken, but ${KNOWN_ENDINGS.join(', ')}`);
  if (!type.is(head)) throw new FileTypeRefused(`What is in the file is not ${endingOf(name)}`);
  return type.mimeType;
}
