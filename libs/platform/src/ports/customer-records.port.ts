import type { Database } from '../database/index.js';
import { currentTenantId } from '../scope/index.js';
import { definePort } from './port.js';

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
  /** Over the row `t` and `$3`, who is named from now on: rows that stay as they are. */
  readonly except?: string;
};

/** One statement a column, however many rows: the audit trail gets each of them. */
export async function renameCustomer(
  db: Database,
  columns: Readonly<Record<string, CustomerColumn>>,
  { from, to, only }: Renaming,
): Promise<NamedIn> {
  const renamed: Record<string, readonly string[]> = {};
  for (const [name, { written, isVersioned, except }] of Object.entries(columns)) {
    const [table = '', column = ''] = name.split('.');
    const among = only?.[name];
    if (only && !among?.length) continue;
    const version = isVersioned ? ', version = t.version + 1, updated_at = now()' : '';
    const rows = await db.query<{ id: string }>(
      `update ${table} t set ${written ?? column} = $3${version} where t.tenant_id = $1 and t.${column} = $2
         and ($4::uuid[] is null or t.id = any ($4))${except ? ` and not (${except})` : ''} returning t.id`,
      [currentTenantId(), from, to, among ?? null],
    );
    renamed[name] = rows.map(({ id }) => id);
  }
  return renamed;
}
