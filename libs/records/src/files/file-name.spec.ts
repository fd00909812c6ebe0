import { describe, expect, it } from 'vitest';
import { FileNameRefused } from './file.errors.js';
import { fileName } from './file-name.js';

describe('The name of a file', () => {
  it.each([
    [' Offer v1.2 (final).pdf ', 'Offer v1.2 (final).pdf'],
    ['Angebot Mu\u0308ller.docx', 'Angebot Müller.docx'],
    ['発注書.pdf', '発注書.pdf'],
    ['a.b.c.txt', 'a.b.c.txt'],
  ])('%j is taken as %j', (given, name) => expect(fileName(given)).toBe(name));

  it.each([
    ['a path', '../../etc/passwd.txt'],
    ['a Windows path', 'C:\\temp\\offer.pdf'],
    ['a NUL before the true ending', 'offer.php\0.pdf'],
    ['a line', 'offer\r\nX-Evil: 1.pdf'],
    ['a double ending', 'offer.php.pdf'],
    ['another', 'offer.EXE .png'],
    ['one that is read backwards', 'offer\u202efdp.txt'],
    ['no ending', 'offer'],
    ['nothing but an ending', '.htaccess'],
    ['nothing at all', '   '],
    ['a device', 'con.txt'],
    ['half a letter', 'offer\ud800.pdf'],
    ['too much', `${'ü'.repeat(126)}.pdf`],
  ])('is refused for %s', (_, given) => expect(() => fileName(given)).toThrow(FileNameRefused));
});
