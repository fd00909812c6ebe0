import { describe, expect, it } from 'vitest';
import { headOf } from './csv-head.js';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('The beginning of a file', () => {
  it.each([
    ['a comma', 'Name,City\nÄnne,Köln\n', ','],
    ['a semicolon', 'Name;City\nÄnne;Köln\n', ';'],
    ['a TAB', 'Name\tCity\nÄnne\tKöln\n', '\t'],
    ['lone CR', 'Name,City\rÄnne,Köln\r', ','],
    ['CRLF', 'Name,City\r\nÄnne,Köln\r\n', ','],
  ])('is read with %s', async (_, text, delimiter) => {
    expect(await headOf(Buffer.from(text))).toEqual({
      ...{ encoding: 'utf-8', delimiter, columns: ['Name', 'City'], sample: [['Änne', 'Köln']] },
    });
  });

  it.each([
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], 'Name\nÄnne\n'), 'utf-8'],
    ['UTF-16 with its mark', bytes([0xff, 0xfe]).toString('latin1') + '', 'utf-16le'],
    ['UTF-16 without a mark', Buffer.from('Name\nÄnne\n', 'utf16le'), 'utf-16le'],
    ['UTF-16, the big end first', utf16be('\ufeffName\nÄnne\n'), 'utf-16be'],
    ['Windows-1252', bytes('Name\n', [0xc4], 'nne\n'), 'windows-1252'],
  ])('is read from %s', async (_, given, encoding) => {
    const head = typeof given === 'string' ? Buffer.from('\ufeffName\nÄnne\n', 'utf16le') : given;
    expect(await headOf(head)).toMatchObject({ encoding, columns: ['Name'], sample: [['Änne']] });
  });

  it('has cells with quotes, delimiters and lines in them', async () => {
    const { columns, sample } = await headOf(Buffer.from('"Last, first";Note\n"O""Neil; A";"two\nlines"\n'));
    expect(columns).toEqual(['Last, first', 'Note']);
    expect(sample).toEqual([['O"Neil; A', 'two\nlines']]);
  });

  it('has 200 columns', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `c${n}`);
    expect((await headOf(Buffer.from(`${names.join()}\n${names.join()}\n`))).columns).toEqual(names);
  });

  it.each([
    ['an empty file', '', 'file_empty'],
    ['blanks alone', '\n \n', 'file_empty'],
    ['a header only', 'Name,City\n', 'no_rows'],
    ['duplicate header names', 'Name,City,Name\na,b,c\n', 'duplicate_columns'],
    ['too many columns', `${Array.from({ length: 501 }, (_, n) => n).join()}\n1\n`, 'too_many_columns'],
    ['a spreadsheet', 'PK\x03\x04anything', 'not_csv'],
    ['what is no text', 'a\x01b\nc\n', 'not_csv'],
    ['a quote that is never closed', 'Name\n"Mira\n', 'csv_broken'],
  ])('is refused for %s', async (_, text, code) => {
    await expect(headOf(Buffer.from(text))).rejects.toMatchObject({ code });
  });

  it('takes what it is told over what it sees', async () => {
    expect(await headOf(Buffer.from('a;b,c\n1;2,3\n'), { delimiter: ',', encoding: 'windows-1252' })).toMatchObject({
      ...{ columns: ['a;b', 'c'], encoding: 'windows-1252' },
    });
  });

  it('calls columns without a name by their place, and harms no prototype', async () => {
    expect((await headOf(Buffer.from('__proto__,,constructor\n1,2,3\n'))).columns).toEqual([
      ...['__proto__', 'Column 2', 'constructor'],
    ]);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});
