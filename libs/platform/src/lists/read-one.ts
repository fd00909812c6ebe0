import { RecordNotFound } from '../database/errors.js';
import type { Queryable } from './page.js';

/** What `readPage` takes of a list, and which row is which. */
type Rows = { readonly select: Readonly<Record<'id', string>>; readonly from: string };

/** One row as its list shows it; `kind` is what the refusal calls it. @throws RecordNotFound */
export async function readOne<View extends object>(
  db: Queryable,
  kind: string,
  { select, from }: Rows,
  id: string,
): Promise<View> {
  const columns = Object.entries(select).map(([name, sql]) => `${sql} as "${name}"`);
  const [row] = await db.query<View>(`select ${columns.join(', ')} from ${from} where ${select.id} = $1`, [id]);
  if (!row) throw new RecordNotFound(kind, id);
  return row;
}
