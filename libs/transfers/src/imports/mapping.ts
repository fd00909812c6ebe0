import type { FieldFault } from '@app/kernel';
import type { ImportField, ImportMode, ImportPlan } from '@app/platform';
import { MappingRefused } from './import.errors.js';

export const NUMBER_FORMATS = ['point', 'comma'] as const;
export const DATE_FORMATS = ['iso', 'dmy', 'mdy'] as const;

/** Which column is which field, and what becomes of the rows. */
export type Mapping = ImportPlan & {
  readonly mode: ImportMode;
  readonly columns: readonly { readonly column: string; readonly field: string }[];
  /** `1234.5` or `1.234,5`. */
  readonly numbers: (typeof NUMBER_FORMATS)[number];
  /** `2026-11-30`, `30.11.2026` or `11/30/2026`, with any of `. / -` between. */
  readonly dates: (typeof DATE_FORMATS)[number];
};

/** @throws MappingRefused with every fault */
export function assertMapping(mapping: Mapping, columns: readonly string[], fields: readonly ImportField[]): void {
  const faults = [
    ...faultsOfColumns(mapping, columns, fields),
    ...faultsOfMatch(mapping, fields),
    ...missingFields(mapping, fields),
  ];
  if (faults.length) throw new MappingRefused(faults);
}

function faultsOfColumns(mapping: Mapping, columns: readonly string[], fields: readonly ImportField[]): FieldFault[] {
  const known = fields.map(({ name }) => name);
  return mapping.columns.flatMap(({ column, field }, at) => {
    const before = mapping.columns.slice(0, at);
    const fault = (key: string, code: string, message: string): FieldFault[] => [
      { pointer: `/columns/${at}/${key}`, code, message },
    ];
    if (!columns.includes(column)) return fault('column', 'unknown_column', 'is no column of the file');
    if (!known.includes(field)) return fault('field', 'unknown_field', `must be one of ${known.join(', ')}`);
    if (before.some((one) => one.field === field)) return fault('field', 'mapped_twice', 'has a column already');
    if (before.some((one) => one.column === column)) return fault('column', 'mapped_twice', 'is a field already');
    return [];
  });
}

function faultsOfMatch({ mode, match, columns }: Mapping, fields: readonly ImportField[]): FieldFault[] {
  const keys = fields.filter(({ isKey }) => isKey).map(({ name }) => name);
  const faults = match.flatMap((name, at): FieldFault[] => {
    const pointer = `/match/${at}`;
    if (!keys.includes(name)) return [{ pointer, code: 'no_key', message: `must be one of ${keys.join(', ')}` }];
    if (columns.some(({ field }) => field === name)) return [];
    return [{ pointer, code: 'not_mapped', message: 'has no column' }];
  });
  if (mode !== 'create' && match.length === 0)
    faults.push({ pointer: '/match', code: 'no_key', message: 'must name by what a record is found' });
  return faults;
}

function missingFields({ mode, columns }: Mapping, fields: readonly ImportField[]): FieldFault[] {
  const missing = fields.filter(({ name, isRequired }) => isRequired && !columns.some(({ field }) => field === name));
  if (mode === 'update') return [];
  return missing.map(({ name }) => ({
    pointer: '/columns',
    code: 'required_field',
    message: `must hold a column for ${name}: without it there is no new record`,
  }));
}
