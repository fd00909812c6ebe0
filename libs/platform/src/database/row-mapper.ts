import type { DataSource, EntityMetadata, EntityTarget } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

export type Row = Record<string, unknown>;
/**
 * `read`: SQL of what no column holds, such as what the tenant's settings say of the row, which is called by the given alias; it
 * is read and never written.
 */
export type Mapped = {
  column: string;
  property: string;
  cast: string;
  json: boolean;
  read: ((alias: string) => string) | undefined;
};

/** Columns PostgreSQL writes itself. */
const KEPT_BY_DATABASE = new Set(['version', 'created_at', 'updated_at']);

/** A column's name in a row of several tables. */
export const columnAt = (at: number, column: string): string => `${at}.${column}`;

/** How one entity class stands in its table: read once from TypeORM's metadata. */
export class RowMapper<E extends object> {
  readonly table: string;
  /** In words, as problems name it. */
  readonly name: string;
  readonly columns: readonly Mapped[];
  readonly hasVersion: boolean;
  readonly hasUpdatedAt: boolean;
  readonly list: string;

  private constructor(
    metadata: EntityMetadata,
    private readonly make: new () => E,
    typeOf: (column: ColumnMetadata) => string,
  ) {
    this.table = metadata.tableName;
    this.name = metadata.name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
    this.columns = metadata.columns.map((column) => ({
      column: column.databaseName,
      property: column.propertyName,
      cast: typeOf(column) + (column.isArray ? '[]' : ''),
      json: column.type === 'jsonb',
      read: column.isVirtualProperty ? column.query : undefined,
    }));
    this.hasVersion = this.columns.some(({ column }) => column === 'version');
    this.hasUpdatedAt = this.columns.some(({ column }) => column === 'updated_at');
    this.list = this.listOf(this.table);
  }

  static of<E extends object>(source: DataSource, entity: EntityTarget<E>): RowMapper<E> {
    const metadata = source.getMetadata(entity);
    return new RowMapper(metadata, metadata.target as new () => E, (column) => source.driver.normalizeType(column));
  }

  /** As the columns of a select from what the alias calls, a row of the table. */
  listOf(alias: string): string {
    return this.columns
      .map(({ column, read }) => (read ? `(${read(alias)}) as "${column}"` : `"${column}"`))
      .join(', ');
  }

  /** To be refreshed from a row. */
  blank(): E {
    return new this.make();
  }

  refresh(entity: E, row: Row): E {
    const target = entity as Row;
    for (const { column, property } of this.columns) target[property] = row[column];
    return entity;
  }

  /** This table's row out of one of several tables, where it stands at this place. */
  pick(row: Row, at: number): Row {
    return Object.fromEntries(this.columns.map(({ column }) => [column, row[columnAt(at, column)]]));
  }

  /** What is written of it: parameter values by column, without what PostgreSQL keeps itself. */
  toRow(entity: E): Map<Mapped, unknown> {
    const source = entity as Row;
    const values = new Map<Mapped, unknown>();
    for (const mapped of this.columns) {
      const value = source[mapped.property];
      if (KEPT_BY_DATABASE.has(mapped.column) || mapped.read || value === undefined) continue;
      values.set(mapped, mapped.json && value !== null ? JSON.stringify(value) : value);
    }
    return values;
  }

  /** The columns that differ between the row as it was read and the entity as it is now. */
  changes(before: Row, entity: E): Map<Mapped, unknown> {
    const changed = new Map<Mapped, unknown>();
    for (const [mapped, value] of this.toRow(entity)) {
      if (!isSame(mapped, before[mapped.column], value)) changed.set(mapped, value);
    }
    return changed;
  }
}

function isSame(mapped: Mapped, before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (before === null || after === null || before === undefined) return false;
  if (before instanceof Date && after instanceof Date) return before.getTime() === after.getTime();
  if (mapped.json) return JSON.stringify(before) === after;
  if (Array.isArray(before) && Array.isArray(after)) return JSON.stringify(before) === JSON.stringify(after);
  if (Buffer.isBuffer(before) && Buffer.isBuffer(after)) return before.equals(after);
  return false;
}
