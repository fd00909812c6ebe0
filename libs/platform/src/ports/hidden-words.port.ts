import type { Actor } from '@app/kernel';
import { definePort, type Ports } from './port.js';

/**
 * Rows that say what not everybody may read who reaches them, as the messages of an inquiry do. Whoever shows such rows, or
 * what is kept of them elsewhere (the audit trail, outgoing mails, approvals), asks here and leaves the words out.
 */
export interface HiddenWords {
  /** The table, as the audit trail names it: `inquiry_messages`. */
  readonly table: string;
  /** Its columns that hold words, names or addresses. */
  readonly columns: readonly string[];
  /** As others name such a row when they speak about it: `responses.response`. */
  readonly subjects?: readonly string[];
  /**
   * SQL: the row `id` says what the actor may not read; false where it is gone, never null. `id` is SQL of the developer's, a
   * uuid, which no alias within may shadow; values go into `params` as `$n`.
   */
  hides(id: string, actor: Actor, params: unknown[]): string;
}

export const HiddenWordsPort = definePort<HiddenWords>('hidden-words');

type About = { readonly kind: string; readonly id: string };
type Reads = { query<T>(sql: string, params?: unknown[]): Promise<T[]> };

/**
 * Of the rows with these ids, those that say what the actor may not read. For a page: asked of the rows that are there, since
 * the conditions of all tables in its statement take PostgreSQL longer to plan than the page to read.
 */
export async function hiddenAmong(
  db: Reads,
  words: HiddenWords,
  ids: readonly string[],
  actor: Actor,
): Promise<ReadonlySet<string>> {
  if (!ids.length) return new Set();
  const params: unknown[] = [[...new Set(ids)]];
  const hides = words.hides('given.id', actor, params);
  const rows = await db.query<{ id: string }>(
    `select given.id from unnest($1::uuid[]) given(id) where ${hides}`,
    params,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The same of what rows are about: tells of each whether it says what the actor may not read. `asking` as in `hidesSubject`. */
export async function hiddenSubjects(
  db: Reads,
  ports: Ports,
  about: readonly About[],
  actor: Actor,
  asking?: HiddenWords,
): Promise<(one: About) => boolean> {
  const hidden = new Set<string>();
  for (const words of ports.all(HiddenWordsPort)) {
    const told = about.filter(({ kind }) => words !== asking && words.subjects?.includes(kind));
    const among = await hiddenAmong(
      db,
      words,
      told.map(({ id }) => id),
      actor,
    );
    for (const { kind, id } of told) if (among.has(id)) hidden.add(`${kind} ${id}`);
  }
  return ({ kind, id }) => hidden.has(`${kind} ${id}`);
}

/** Puts into a view, in place of the words that it has, what stands there instead. */
export function withhold<View extends object>(view: View, instead: Readonly<Partial<View>>): void {
  for (const [name, value] of Object.entries(instead)) if (name in view) Object.assign(view, { [name]: value });
}

/**
 * SQL: what a row is about (`kind` and `id`, SQL of the developer's) says what the actor may not read. `asking`: whose own
 * rows are about others, and not about themselves.
 */
export function hidesSubject(
  ports: Ports,
  { kind, id }: About,
  actor: Actor,
  params: unknown[],
  asking?: HiddenWords,
): string {
  const told = ports.all(HiddenWordsPort).filter((words) => words !== asking && words.subjects?.length);
  const cases = told.map((words) => {
    const hides = words.hides(id, actor, params);
    const names = (words.subjects ?? []).map((subject) => `'${subject}'`).join(', ');
    return `when ${kind} in (${names}) then ${hides}`;
  });
  return cases.length ? `(case ${cases.join(' ')} else false end)` : 'false';
}
