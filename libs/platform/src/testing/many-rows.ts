import type pg from 'pg';

const ROWS_AT_ONCE = 20_000;

/**
 * Fills tables with rows number 1 to `count`, more than a test could create one by one. `fill` is asked for so many at
 * once that no transaction lasts, since sealing waits for the oldest of the whole server. It runs without the secondary
 * indexes, which are then built whole, as the planner's statistics are; the tables are as the migrations made them.
 */
export async function fillWithRows(
  client: pg.Client,
  tables: string[],
  count: number,
  fill: (first: number, last: number) => Promise<unknown>,
): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
       from pg_index where indrelid = any($1::regclass[]) and not indisunique and not indisexclusion`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  for (let first = 1; first <= count; first += ROWS_AT_ONCE)
    await fill(first, Math.min(count, first + ROWS_AT_ONCE - 1));
  for (const { definition } of rows) await client.query(definition);
  for (const table of tables) await client.query(`vacuum analyze ${table}`);
}
