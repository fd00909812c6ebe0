/**
 * One of the ways in which a permission reaches a record: `created_by_me`, and the SQL that says when. Its name is part of
 * the API: it tells people why they see what they see.
 */
export type Way = { readonly name: string; readonly sql: string };

/** How a permission reaches that is held for all of the tenant. */
export const EVERY_RECORD: readonly Way[] = Object.freeze([{ name: 'every_record', sql: 'true' }]);

/** SQL for "in one of these ways"; false where there is none. */
export function anyOf(ways: readonly Way[]): string {
  const [first] = ways;
  if (!first) return 'false';
  return ways.length === 1 ? first.sql : `(${ways.map(({ sql }) => `(${sql})`).join(' or ')})`;
}
