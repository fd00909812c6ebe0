import type { ExportColumn, ExportRow } from './columns.js';
import { csvLine } from './csv.js';
import { plain } from './plain-values.js';
import { xlsx } from './xlsx/workbook.js';

export const EXPORT_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const MIME_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

type Batches = AsyncIterable<readonly ExportRow[]>;

/** The rows as the bytes of a file, never more of them in memory than some batches. */
export function formatted(
  format: ExportFormat,
  columns: readonly ExportColumn[],
  batches: Batches,
): AsyncGenerator<Buffer> {
  switch (format) {
    case 'csv':
      return csv(columns, batches);
    case 'ndjson':
      return ndjson(columns, batches);
    case 'xlsx':
      return xlsx(columns, batches);
  }
}

async function* csv(columns: readonly ExportColumn[], batches: Batches): AsyncGenerator<Buffer> {
  yield Buffer.from(csvLine(columns.map(({ name }) => name)));
  const lineOf = (row: ExportRow): string => csvLine(columns.map(({ read }) => plain(read(row))));
  for await (const rows of batches) yield Buffer.from(rows.map(lineOf).join(''));
}

async function* ndjson(columns: readonly ExportColumn[], batches: Batches): AsyncGenerator<Buffer> {
  const lineOf = (row: ExportRow): string =>
    `${JSON.stringify(Object.fromEntries(columns.map(({ name, read }) => [name, read(row) ?? null])))}\n`;
  for await (const rows of batches) yield Buffer.from(rows.map(lineOf).join(''));
}
