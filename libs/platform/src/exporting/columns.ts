import { fieldOf, type Fields, type FieldType } from '../lists/fields.js';
import { CUSTOM, customKeys } from '../lists/tenant-fields.js';

export type ExportRow = Readonly<Record<string, unknown>>;

/** One column of a file. `type`: as its list knows it, where that does. */
export type ExportColumn = {
  readonly name: string;
  readonly type: FieldType | undefined;
  readonly read: (row: ExportRow) => unknown;
};

const OWN = 'customFields';

/** The outputs of a list as columns; those of the tenant's own fields that were asked for by name have one each. */
export function columnsOf(
  names: readonly string[],
  asked: readonly string[] | undefined,
  known: Fields,
): readonly ExportColumn[] {
  const keys = asked?.includes(OWN) ? [] : customKeys(asked ?? []);
  const columns = names
    .filter((name) => name !== OWN || !keys.length)
    .map((name) => ({ name, type: fieldOf(known, name)?.type, read: (row: ExportRow) => row[name] }));
  const own = keys.map((key) => ({
    ...{ name: `${CUSTOM}${key}`, type: fieldOf(known, `${CUSTOM}${key}`)?.type },
    read: ({ [OWN]: values }: ExportRow) => (values as ExportRow | null)?.[key],
  }));
  return [...columns, ...own];
}
