import type { PassThrough } from 'node:stream';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ExportColumn, ExportRow } from '../columns.js';
import { cell, escaped } from './cells.js';
import {
  CONTENT_TYPES,
  HEAD_STYLE,
  ROOT_RELATIONS,
  SHEET_END,
  sheetStart,
  STYLES,
  workbook,
  workbookRelations,
} from './parts.js';

/** Excel's limit, the row of the heads included; what is more goes on in a further sheet. */
const MOST_ROWS = 1_048_576;

/** No part says when it was written: the same rows are the same bytes. */
const PART = { mtime: new Date('2000-01-01T00:00:00Z'), forceDosTimestamp: true };

/**
 * Rows as a workbook (ECMA-376, transitional) in a zip, written as they are read: whatever their number, some batches of them
 * are in memory. What breaks the reading breaks the file; who reads no further ends the reading.
 */
export async function* xlsx(
  columns: readonly ExportColumn[],
  batches: AsyncIterable<readonly ExportRow[]>,
  mostRows = MOST_ROWS,
): AsyncGenerator<Buffer> {
  yield* new Workbook(columns, batches[Symbol.asyncIterator](), mostRows).bytes();
}

class Workbook {
  private readonly zip = new ZipFile();
  private readonly letters: readonly string[];
  /** Read, and in no sheet yet. */
  private waiting: readonly ExportRow[] = [];
  private sheets = 0;
  private open: Readable | undefined;

  constructor(
    private readonly columns: readonly ExportColumn[],
    private readonly batches: AsyncIterator<readonly ExportRow[]>,
    private readonly mostRows: number,
  ) {
    this.letters = columns.map((_, at) => letterOf(at));
  }

  async *bytes(): AsyncGenerator<Buffer> {
    this.put('[Content_Types].xml', CONTENT_TYPES);
    this.put('_rels/.rels', ROOT_RELATIONS);
    this.put('xl/styles.xml', STYLES);
    this.addSheet();
    try {
      yield* this.out as AsyncIterable<Buffer>;
    } finally {
      this.open?.destroy();
      await this.batches.return?.();
    }
  }

  private get out(): PassThrough {
    return this.zip.outputStream as PassThrough;
  }

  private put(name: string, text: string): void {
    this.zip.addBuffer(Buffer.from(text), name, PART);
  }

  private addSheet(): void {
    const rows = Readable.from(this.sheet(), { objectMode: false });
    // the zip pipes, which says nothing of what broke
    rows.once('error', (error) => this.out.destroy(error));
    this.open = rows;
    this.zip.addReadStream(rows, `xl/worksheets/sheet${++this.sheets}.xml`, PART);
  }

  private async *sheet(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${sheetStart(this.columns.length)}${this.heads()}`);
    let written = 1;
    while (written < this.mostRows && (await this.hasRows())) {
      const rows = this.waiting.slice(0, this.mostRows - written);
      this.waiting = this.waiting.slice(rows.length);
      yield Buffer.from(rows.map((row) => this.row(row, ++written)).join(''));
    }
    yield Buffer.from(SHEET_END);
    if (await this.hasRows()) this.addSheet();
    else this.end();
  }

  private async hasRows(): Promise<boolean> {
    while (!this.waiting.length) {
      const next = await this.batches.next();
      if (next.done) return false;
      this.waiting = next.value;
    }
    return true;
  }

  private end(): void {
    this.put('xl/workbook.xml', workbook(this.sheets));
    this.put('xl/_rels/workbook.xml.rels', workbookRelations(this.sheets));
    this.zip.end();
  }

  private heads(): string {
    const cells = this.columns.map(
      ({ name }, at) =>
        `<c r="${this.letters[at]}1" s="${HEAD_STYLE}" t="inlineStr"><is><t>${escaped(name)}</t></is></c>`,
    );
    return `<row r="1">${cells.join('')}</row>`;
  }

  private row(row: ExportRow, number: number): string {
    const cells = this.columns.map(({ type, read }, at) => cell(`${this.letters[at]}${number}`, read(row), type));
    return `<row r="${number}">${cells.join('')}</row>`;
  }
}

/** 0 is A, 26 is AA. */
function letterOf(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : `${letterOf(Math.floor(at / 26) - 1)}${last}`;
}
