import { CUSTOM, type ImportField, type ImportValues } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { valueOfCell } from './cell-values.js';
import { CustomFields, type Definition, type FieldEntry, type FieldValues } from './custom-fields.js';

const CELLS: Partial<Record<Definition['type'], ImportField['type']>> = {
  text: 'text',
  number: 'number',
  money: 'text',
  date: 'date',
  instant: 'text',
  boolean: 'boolean',
  select: 'text',
  multi_select: 'text',
  relation: 'text',
};

/** The tenant's own fields in files: as columns `cf.<key>`. */
@Injectable()
export class ImportedFields {
  constructor(private readonly fields: CustomFields) {}

  /** Those that a cell can hold: of several things as `valueOfCell` reads them, and nothing that is computed. */
  async of(kind: string): Promise<ImportField[]> {
    const definitions = await this.fields.definitions(kind);
    return definitions.flatMap(({ key, label, type }) => {
      const cell = CELLS[type];
      return cell ? [{ name: `${CUSTOM}${key}`, type: cell, description: label }] : [];
    });
  }

  /** By row what it gives to them, none where it names none; in the open transaction, by statements that do not grow with the rows. */
  async entries(kind: string, rows: readonly ImportValues[]): Promise<readonly (FieldEntry | undefined)[]> {
    const given = rows.map(ownOf);
    if (given.every((values) => !values)) return [];
    const entries = await this.fields.entries(
      kind,
      given.map((values) => values ?? {}),
      valueOfCell,
    );
    return entries.map((entry, at) => (given[at] ? entry : undefined));
  }
}

function ownOf(values: ImportValues): FieldValues | undefined {
  const own = Object.entries(values).filter(([name]) => name.startsWith(CUSTOM));
  return own.length ? Object.fromEntries(own.map(([name, value]) => [name.slice(CUSTOM.length), value])) : undefined;
}
