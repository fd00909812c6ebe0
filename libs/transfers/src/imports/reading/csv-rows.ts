import { CsvError, parse } from 'csv-parse';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { CsvBroken, WrongEncoding } from '../import.errors.js';
import { MOST_CELL_BYTES } from '../import.policy.js';
import type { Encoding } from './encoding.js';

export type CsvShape = { readonly encoding: Encoding; readonly delimiter: string };
/** `number` as a spreadsheet counts: the header is row 1. */
export type CsvRow = { readonly number: number; readonly cells: readonly string[] };

/** The records of a file, one by one and never more of it in memory than the parser needs. @throws WrongEncoding, CsvBroken */
export async function* csvRows(
  bytes: AsyncIterable<Buffer>,
  { encoding, delimiter }: CsvShape,
): AsyncGenerator<CsvRow> {
  let number = 0;
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true, // a ragged row is refused by itself
    skip_empty_lines: true,
    max_record_size: 10 * MOST_CELL_BYTES,
  });
  const text = Readable.from(decoded(bytes, encoding, () => number));
  const fed = pipeline(text, parser);
  fed.catch(() => undefined); // its fault comes out of the parser too
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield { number: ++number, cells };
    await fed;
  } catch (error) {
    throw error instanceof CsvError ? new CsvBroken(saidBy(error), number) : error;
  } finally {
    text.destroy();
    parser.destroy();
  }
}

async function* decoded(bytes: AsyncIterable<Buffer>, encoding: Encoding, row: () => number): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const read = (chunk?: Buffer): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new WrongEncoding(encoding, row());
    }
  };
  for await (const chunk of bytes) yield read(chunk);
  yield read();
}

const FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_MAX_RECORD_SIZE: 'a row is too long',
  CSV_INVALID_CLOSING_QUOTE: 'something stands behind a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a cell',
};
const saidBy = ({ code }: CsvError): string => FAULTS[code] ?? 'it breaks the rules of CSV';
