import { Readable } from 'node:stream';
import { HEAD_BYTES } from '@app/platform';
import { DuplicateColumns, FileEmpty, NoRows, NotCsv, TooManyColumns } from '../import.errors.js';
import { MOST_COLUMNS } from '../import.policy.js';
import { csvRows, type CsvShape } from './csv-rows.js';
import { encodingOf } from './encoding.js';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_ROWS = 10;

/** What is told of a file before anybody says how to read it. */
export type CsvHead = CsvShape & {
  readonly columns: readonly string[];
  readonly sample: readonly (readonly string[])[];
};

/**
 * Looks at the beginning of a file.
 * @throws FileEmpty, NoRows, NotCsv, CsvBroken, DuplicateColumns, TooManyColumns
 */
export async function headOf(head: Buffer, said: Partial<CsvShape> = {}): Promise<CsvHead> {
  if (head.length === 0) throw new FileEmpty();
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1')))
    throw new NotCsv('save the spreadsheet as CSV first');
  const isWhole = head.length < HEAD_BYTES;
  const encoding = said.encoding ?? encodingOf(head, isWhole);
  const text = new TextDecoder(encoding).decode(head, { stream: true });
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text)) throw new NotCsv('it holds control characters');
  if (text.trim() === '') throw new FileEmpty();
  const shape = { encoding, delimiter: said.delimiter ?? delimiterOf(text) };
  const [first, ...sample] = await firstRows(head, shape, isWhole);
  return { ...shape, columns: columnsOf(first ?? []), sample: assertRows(sample) };
}

/** What stands most often in the first line outside of quotes. */
function delimiterOf(text: string): string {
  const line = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '') ?? '';
  const counts = DELIMITERS.map((one) => line.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

async function firstRows(head: Buffer, shape: CsvShape, isWhole: boolean): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  try {
    for await (const { cells } of csvRows(Readable.from([head]), shape)) {
      rows.push(cells);
      if (rows.length > SAMPLE_ROWS) break;
    }
  } catch (error) {
    // where the head ends, nothing is whole
    if (isWhole || rows.length < 2) throw error;
  }
  return rows;
}

/** Columns without a name are called by their place. */
function columnsOf(header: readonly string[]): readonly string[] {
  if (header.length > MOST_COLUMNS) throw new TooManyColumns(MOST_COLUMNS);
  const columns = header.map((name, at) => name.trim() || `Column ${at + 1}`);
  const twice = columns.filter((name, at) => columns.indexOf(name) !== at);
  if (twice.length) throw new DuplicateColumns([...new Set(twice)]);
  return columns;
}

function assertRows(sample: readonly (readonly string[])[]): readonly (readonly string[])[] {
  if (sample.length === 0) throw new NoRows();
  return sample;
}
