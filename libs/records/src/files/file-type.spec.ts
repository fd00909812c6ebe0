import { describe, expect, it } from 'vitest';
import { FileTypeRefused } from './file.errors.js';
import { HEAD_BYTES } from '@app/platform';
import { fileTypeOf } from './file-type.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const zip = (...members: string[]): Buffer =>
  bytes(members.map((name) => `PK\x03\x04${'\0'.repeat(26)}${name}`).join(''));
const open = (kind: string): Buffer => zip(`mimetypeapplication/vnd.oasis.opendocument.${kind}`);

describe('The type of a file', () => {
  it.each<[string, Buffer, string]>([
    ['offer.pdf', bytes('%PDF-1.7\n'), 'application/pdf'],
    ['photo.PNG', bytes('\x89PNG\r\n\x1a\n'), 'image/png'],
    ['photo.jpeg', bytes('\xff\xd8\xff\xe0'), 'image/jpeg'],
    ['photo.gif', bytes('GIF89a'), 'image/gif'],
    ['photo.webp', bytes('RIFF\0\0\0\0WEBP'), 'image/webp'],
    ['letter.docx', zip('[Content_Types].xml', '_rels/.rels', 'word/document.xml'), 'wordprocessingml.document'],
    ['table.xlsx', zip('[Content_Types].xml', 'xl/workbook.xml'), 'spreadsheetml.sheet'],
    ['talk.pptx', zip('[Content_Types].xml', 'ppt/presentation.xml'), 'presentationml.presentation'],
    ['letter.odt', open('text'), 'opendocument.text'],
    ['table.ods', open('spreadsheet'), 'opendocument.spreadsheet'],
    ['words.txt', Buffer.from('Grüße\n\t—'), 'text/plain'],
    ['rows.csv', Buffer.from('\ufeffa;b\r\n'), 'text/csv'],
  ])('of %s is told by its bytes', (name, head, type) => expect(fileTypeOf(head, name)).toContain(type));

  it('of text is told where a letter is cut in two', () => {
    const text = Buffer.from('ü'.repeat(HEAD_BYTES));
    expect(fileTypeOf(text.subarray(0, HEAD_BYTES - 1 + 1), 'words.txt')).toBe('text/plain');
    expect(fileTypeOf(Buffer.concat([Buffer.from('a'), text]).subarray(0, HEAD_BYTES), 'words.txt')).toBe('text/plain');
  });

  it.each<[string, string, Buffer]>([
    ['a program called a document', 'offer.pdf', bytes('MZ\x90\0')],
    ['a page called a picture', 'photo.png', bytes('<html><script>alert(1)</script>')],
    ['a picture called a page', 'photo.html', bytes('GIF89a/*<script>')],
    ['a document that begins with something else', 'offer.pdf', bytes('<script>//%PDF-1.7')],
    ['a drawing that runs', 'drawing.svg', bytes('<svg onload="alert(1)"/>')],
    ['an archive called a letter', 'letter.docx', zip('virus.exe')],
    ['a table called a letter', 'letter.docx', zip('[Content_Types].xml', 'xl/workbook.xml')],
    ['an archive', 'all.zip', zip('virus.exe')],
    ['bytes called text', 'words.txt', bytes('a\0b')],
    ['a letter of no UTF-8', 'words.txt', bytes('a\xffb')],
    ['a cut letter at the end of a short text', 'words.txt', bytes('a\xc3')],
    ['a program', 'run.exe', bytes('MZ')],
  ])('is refused for %s', (_, name, head) => expect(() => fileTypeOf(head, name)).toThrow(FileTypeRefused));
});
