import { crc32, inflateRawSync } from 'node:zlib';
import readSheets from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import type { ExportColumn, ExportRow } from '../columns.js';
import { LONGEST_CELL } from './cells.js';
import { xlsx } from './workbook.js';

type Types = Readonly<Record<string, ExportColumn['type']>>;
const columnsOf = (types: Types): ExportColumn[] =>
  Object.entries(types).map(([name, type]) => ({ name, type, read: (row) => row[name] }));

async function* inBatches(rows: readonly ExportRow[], size = 2): AsyncGenerator<readonly ExportRow[]> {
  for (let at = 0; at < rows.length; at += size) yield await Promise.resolve(rows.slice(at, at + size));
}

async function bytesOf(file: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const written = (types: Types, rows: readonly ExportRow[], mostRows?: number): Promise<Buffer> =>
  bytesOf(xlsx(columnsOf(types), inBatches(rows), mostRows));

/** As another program reads it. */
const sheetsOf = async (file: Buffer) => (await readSheets(file, { trim: false })).map(({ data }) => data);

/** The names of its entries (APPNOTE 4.3), each of which holds what its checksum says. */
function partsOf(file: Buffer): string[] {
  const end = file.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const names: string[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let n = file.readUInt16LE(end + 10); n > 0; n--) {
    const [checksum, size, length] = [16, 20, 24].map((offset) => file.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const [name, extra, comment] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const content = inflateRawSync(file.subarray(start, start + size));
    expect([content.length, crc32(content)]).toEqual([length, checksum]);
    names.push(file.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

describe('A workbook', () => {
  it('holds numbers as numbers, days and instants as dates, and text as text', async () => {
    const row = {
      ...{ name: 'Mira & <Söhne>', amount: 1_200_000, share: '10.50', won: true, none: null },
      ...{ day: '2031-03-03', at: new Date('2031-03-03T10:20:30Z'), more: { a: [1, 'x'] } },
    };
    const types: Types = {
      ...{ name: 'text', amount: 'integer', share: 'number', won: 'boolean', none: 'text' },
      ...{ day: 'date', at: 'instant', more: undefined },
    };
    const [rows] = await sheetsOf(await written(types, [row]));
    expect(rows).toEqual([
      ['name', 'amount', 'share', 'won', 'none', 'day', 'at', 'more'],
      [
        ...['Mira & <Söhne>', 1_200_000, 10.5, true, null],
        ...[new Date('2031-03-03T00:00:00Z'), new Date('2031-03-03T10:20:30Z'), '{"a":[1,"x"]}'],
      ],
    ]);
  });

  it.each([
    ...['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x","y")', '＝1+1', "'quoted'", '0012', '1e5'],
    ...['  two  blanks ', 'line\nfeed', 'carriage\r\nreturn', '\u0000\u0001\u001f', '_x0041_', 'x_x000d_y', '😀 𝒳'],
    ...[']]>', '&amp;', '\ufffe\uffff'],
  ])('says of %j that it is this text', async (text) => {
    const [rows] = await sheetsOf(await written({ text: 'text' }, [{ text }]));
    expect(rows?.[1]?.[0]).toBe(text);
  });

  it('makes no text of what is none, and no number of what would lose digits', async () => {
    const rows = [
      { n: 123_456_789_012_345 },
      { n: 9_007_199_254_740_991 },
      { n: '0.1234567890123456' },
      { n: 1e21 },
      { n: -0.5 },
      { n: Number.NaN },
    ];
    const [, ...read] = (await sheetsOf(await written({ n: 'number' }, rows)))[0]!;
    expect(read.flat()).toEqual([
      ...[123_456_789_012_345, '9007199254740991', '0.1234567890123456', '1e+21', -0.5, 'NaN'],
    ]);
  });

  it('makes dates of instants that JSON told', async () => {
    const rows = [{ at: '2031-03-03T10:20:30.000Z' }, { at: '0001-01-01T00:00:00.000Z' }, { at: 'soon' }];
    const [, ...read] = (await sheetsOf(await written({ at: 'instant' }, rows)))[0]!;
    expect(read.flat()).toEqual([new Date('2031-03-03T10:20:30Z'), '0001-01-01T00:00:00.000Z', 'soon']);
  });

  it('leaves days as text that Excel has none for', async () => {
    const days = ['1900-02-28', '1900-03-01', '9999-12-31', '0001-01-01'];
    const [, ...read] = (
      await sheetsOf(
        await written(
          { day: 'date' },
          days.map((day) => ({ day })),
        ),
      )
    )[0]!;
    expect(read.flat()).toEqual(['1900-02-28', new Date('1900-03-01'), new Date('9999-12-31'), '0001-01-01']);
  });

  it('cuts off, and says so, what is too long for a cell', async () => {
    const texts = ['x'.repeat(LONGEST_CELL), 'x'.repeat(LONGEST_CELL + 1), `${'x'.repeat(LONGEST_CELL - 2)}😀x`];
    const [, ...read] = (
      await sheetsOf(
        await written(
          { text: 'text' },
          texts.map((text) => ({ text })),
        ),
      )
    )[0]!;
    expect(read.flat()).toEqual([texts[0], `${'x'.repeat(LONGEST_CELL - 1)}…`, `${'x'.repeat(LONGEST_CELL - 2)}…`]);
  });

  it.each([
    [0, [0]],
    [4, [4]],
    [5, [4, 1]],
    [12, [4, 4, 4]],
  ])('has %i rows in sheets of %j, each with the heads', async (count, expected) => {
    const rows = Array.from({ length: count }, (_, n) => ({ n }));
    const sheets = await sheetsOf(await written({ n: 'integer' }, rows, 5));
    expect(sheets.map(([head, ...rest]) => [head?.[0], rest.length])).toEqual(expected.map((n) => ['n', n]));
    expect(sheets.flatMap(([, ...rest]) => rest.flat())).toEqual(rows.map(({ n }) => n));
  });

  it('names columns after Z, is sound as a zip, and the same bytes for the same rows', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `c${n}`);
    const types = Object.fromEntries(names.map((name) => [name, 'text' as const]));
    const row = Object.fromEntries(names.map((name) => [name, name]));
    const file = await written(types, [row]);
    expect((await sheetsOf(file))[0]).toEqual([names, names]);
    expect(await written(types, [row])).toEqual(file);
    expect(partsOf(file)).toEqual([
      ...['[Content_Types].xml', '_rels/.rels', 'xl/styles.xml', 'xl/worksheets/sheet1.xml'],
      ...['xl/workbook.xml', 'xl/_rels/workbook.xml.rels'],
    ]);
  });

  it('breaks with what breaks its reading', async () => {
    async function* broken(): AsyncGenerator<readonly ExportRow[]> {
      yield await Promise.resolve([{ n: 1 }]);
      throw new Error('The connection is gone');
    }
    await expect(bytesOf(xlsx(columnsOf({ n: 'integer' }), broken()))).rejects.toThrow('The connection is gone');
  });

  it('is read no further than somebody reads it, and ends its reading when nobody does', async () => {
    let [asked, isOver] = [0, false];
    async function* endless(): AsyncGenerator<readonly ExportRow[]> {
      try {
        for (;;) {
          asked++;
          yield await Promise.resolve(manyRows(1_000));
        }
      } finally {
        isOver = true;
      }
    }
    const file = xlsx(COLUMNS, endless());
    for (let n = 0; n < 20; n++) await file.next();
    const before = asked;
    await new Promise((done) => setTimeout(done, 200));
    expect(asked - before).toBeLessThan(20);
    await file.return(undefined);
    expect(isOver).toBe(true);
  });

  it('of 200,000 rows needs little memory', { timeout: 120_000 }, async () => {
    async function* many(): AsyncGenerator<readonly ExportRow[]> {
      for (let n = 0; n < 200; n++) yield await Promise.resolve(manyRows(1_000));
    }
    const start = process.memoryUsage().rss;
    let [highest, size] = [0, 0];
    for await (const chunk of xlsx(COLUMNS, many())) {
      size += chunk.length;
      highest = Math.max(highest, process.memoryUsage().rss);
    }
    expect(size).toBeGreaterThan(10 * MEBIBYTE);
    expect(highest - start).toBeLessThan(100 * MEBIBYTE);
  });
});

const MEBIBYTE = 1024 * 1024;
const COLUMNS = columnsOf(
  Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`c${n}`, n % 2 ? ('text' as const) : ('number' as const)])),
);

function manyRows(count: number): ExportRow[] {
  const value = (n: number): unknown => (n % 2 ? `text ${Math.random()}` : Math.floor(Math.random() * 1e9));
  return Array.from({ length: count }, () =>
    Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`c${n}`, value(n)])),
  );
}
