import { Injectable, type Type } from '@nestjs/common';
import { Database } from '../database/index.js';
import { currentTenantId } from '../scope/index.js';
import { definePort, Provides } from './port.js';

/** The ids of rows, by the column (`table.column`) in which they name a customer. */
export type NamedIn = Readonly<Record<string, readonly string[]>>;

/** Rows that name one customer shall name another; with `only`, none but these. */
export type Renaming = { readonly from: string; readonly to: string; readonly only?: NamedIn };

/** What a context keeps under a customer's id, and what becomes of it when two customers are found to be one person. */
export interface CustomerRecords {
  /** Every column that names a customer, `table.column`: a test finds those that nobody looks after. */
  readonly columns: readonly string[];
  /** In the open transaction, in which both customers are held. Answers the rows that it changed. */
  rename(renaming: Renaming): Promise<NamedIn>;
}

export const CustomerRecordsPort = definePort<CustomerRecords>('customer-records');

/** How one column is written; all texts are SQL of the developer's. */
export type CustomerColumn = {
  /** The column that is written, where the one that names the customer is generated. */
  readonly written?: string;
  /** Of aggregates: what somebody saw before is not the current version any more. */
  readonly isVersioned?: boolean;
  /** Over the row `t`: it names a customer, in a column that may name other records as well. */
  readonly where?: string;
  /** Over the row `t` and `$3`, who is named from now on: rows that stay as they are. */
  readonly except?: string;
  /** Instead of all that, where no plain update will do: `$1` tenant, `$2` from, `$3` to, `$4` the ids or null; answers `id`. */
  readonly statement?: string;
};

/**
 * A context's answer that is nothing but its columns. `itself`: those by which one record speaks of itself, and which stay.
 * One statement a column, however many rows: the audit trail gets each of them.
 */
export function customerRecordsIn(
  columns: Readonly<Record<string, CustomerColumn>>,
  itself: readonly string[] = [],
): Type<CustomerRecords> {
  const statements = Object.entries(columns).map(([name, column]) => [
    name,
    column.statement ?? updateOf(name, column),
  ]);

  @Injectable()
  @Provides(CustomerRecordsPort)
  class NamedCustomers implements CustomerRecords {
    readonly columns = [...Object.keys(columns), ...itself];

    constructor(private readonly db: Database) {}

    async rename({ from, to, only }: Renaming): Promise<NamedIn> {
      const renamed: Record<string, readonly string[]> = {};
      for (const [name = '', statement = ''] of statements) {
        const among = only?.[name];
        if (only && !among?.length) continue;
        const rows = await this.db.query<{ id: string }>(statement, [currentTenantId(), from, to, among ?? null]);
        renamed[name] = rows.map(({ id }) => id);
      }
      return renamed;
    }
  }
  return NamedCustomers;
}

function updateOf(name: string, { written, isVersioned, where, except }: CustomerColumn): string {
  const [table = '', column = ''] = name.split('.');
  const version = isVersioned ? ', version = t.version + 1, updated_at = now()' : '';
  const more = [where, except && `not (${except})`].filter(Boolean).map((condition) => ` and ${condition}`);
  return `update ${table} t set ${written ?? column} = $3${version} where t.tenant_id = $1 and t.${column} = $2
    and ($4::uuid[] is null or t.id = any ($4))${more.join('')} returning t.id`;
}
