import { type Cell, csvLine } from './csv.js';

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type ExportRow = Readonly<Record<string, unknown>>;

export const MIME_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
};

const plain = (value: unknown): Cell =>
  typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : (value as Cell);

/** The rows as the bytes of a file, never more of them in memory than a batch. */
export async function* formatted(
  format: ExportFormat,
  names: readonly string[],
  batches: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<Buffer> {
  if (format === 'csv') yield Buffer.from(csvLine(names));
  const lineOf =
    format === 'csv'
      ? (row: ExportRow): string => csvLine(names.map((name) => plain(row[name])))
      : (row: ExportRow): string => `${JSON.stringify(row)}\n`;
  for await (const rows of batches) yield Buffer.from(rows.map(lineOf).join(''));
}
