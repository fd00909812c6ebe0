import { type ImportField, type ImportRefusal, type ImportValues, unmarked } from '@app/platform';
import { DateTime } from 'luxon';
import { MOST_CELL_BYTES } from './import.policy.js';
import type { Mapping } from './mapping.js';
import type { CsvRow } from './reading/csv-rows.js';

/** A row of the file as it was read: what it says, or why it cannot be read. */
export type ReadRow = CsvRow & { readonly values: ImportValues; readonly refusal?: ImportRefusal };

type Formats = Pick<Mapping, 'numbers' | 'dates'>;
type Place = { readonly at: number; readonly field: ImportField };
type Value = string | number | boolean;

/** Turns cells into values by a mapping. */
export class RowReader {
  private readonly places: readonly Place[];

  constructor(
    private readonly columns: readonly string[],
    fields: readonly ImportField[],
    private readonly mapping: Pick<Mapping, 'columns'> & Formats,
  ) {
    const byName = new Map(fields.map((field) => [field.name, field]));
    this.places = mapping.columns.flatMap(({ column, field: name }) => {
      const [at, field] = [columns.indexOf(column), byName.get(name)];
      return field && at >= 0 ? [{ at, field }] : [];
    });
  }

  read(row: CsvRow): ReadRow {
    const { cells } = row;
    const expected = this.columns.length;
    if (cells.length !== expected) {
      const detail = `The row has ${cells.length} cells where the header has ${expected}`;
      return { ...row, values: {}, refusal: { code: 'ragged_row', detail } };
    }
    const values = Object.create(null) as Record<string, Value>;
    for (const { at, field } of this.places) {
      const text = unmarked(cells[at] ?? '').trim();
      if (text === '') continue;
      const value = Buffer.byteLength(text) > MOST_CELL_BYTES ? undefined : valueOf(text, field.type, this.mapping);
      if (value === undefined) return { ...row, values: {}, refusal: refusalOf(field) };
      values[field.name] = value;
    }
    return { ...row, values };
  }
}

const refusalOf = ({ name, type }: ImportField): ImportRefusal => ({
  code: `invalid_${type}`,
  detail: `This is no ${type} as the mapping has it`,
  field: name,
});

const WORDS = new Map(
  ['true', 'yes', 'ja', '1', 'x']
    .map((word): [string, boolean] => [word, true])
    .concat(['false', 'no', 'nein', '0'].map((word): [string, boolean] => [word, false])),
);

/** Undefined for what is none of its type. */
export function valueOf(text: string, type: ImportField['type'], formats: Formats): Value | undefined {
  switch (type) {
    case 'text':
      return text;
    case 'number':
      return numberOf(text, formats.numbers);
    case 'date':
      return dateOf(text, formats.dates);
    case 'boolean':
      return WORDS.get(text.toLowerCase());
  }
}

/** Thousands may be parted in threes by the other sign, by blanks or by apostrophes. */
const NUMBER_SHAPES: Readonly<Record<Formats['numbers'], RegExp>> = {
  point: /^-?(?:\d+|\d{1,3}(?:[,\s'’]\d{3})+)(?:\.\d+)?$/,
  comma: /^-?(?:\d+|\d{1,3}(?:[.\s'’]\d{3})+)(?:,\d+)?$/,
};
const PARTING: Readonly<Record<Formats['numbers'], RegExp>> = { point: /[,\s'’]/g, comma: /[.\s'’]/g };

function numberOf(text: string, format: Formats['numbers']): number | undefined {
  if (!NUMBER_SHAPES[format].test(text)) return undefined;
  const number = Number(text.replace(PARTING[format], '').replace(',', '.'));
  return Number.isFinite(number) ? number : undefined;
}

const DATE_SHAPES: Readonly<Record<Formats['dates'], string>> = { iso: 'yyyy-M-d', dmy: 'd-M-yyyy', mdy: 'M-d-yyyy' };

function dateOf(text: string, format: Formats['dates']): string | undefined {
  const date = DateTime.fromFormat(text.replaceAll(/[./]/g, '-'), DATE_SHAPES[format], { zone: 'utc' });
  return date.isValid ? date.toISODate() : undefined;
}
