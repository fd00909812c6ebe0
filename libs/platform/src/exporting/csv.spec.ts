import { describe, expect, it } from 'vitest';
import { csvLine, harmless, unmarked } from './csv.js';

describe('A line of CSV', () => {
  it('quotes what would end a cell', () => {
    expect(csvLine(['a', 'b,c', 'say "no"', 'two\nlines', null, undefined])).toBe(
      'a,"b,c","say ""no""","two\nlines",,\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")', '＝1+1', '\n=1'])(
    'runs no %j',
    (text) => {
      expect(csvLine([text])).toMatch(/^"?'/);
    },
  );

  it.each(['=1+1', "'quoted'", '-5', 'plain', '', "'", '＠x'])('is read back as it was: %j', (text) => {
    expect(unmarked(harmless(text))).toBe(text);
  });

  it('leaves numbers and instants what they are', () => {
    expect(csvLine([-1, true, new Date('2031-03-03T10:00:00Z')])).toBe('-1,true,2031-03-03T10:00:00.000Z\r\n');
  });
});
