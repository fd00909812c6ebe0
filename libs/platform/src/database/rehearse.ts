import type { Database } from './database.js';

/** Takes back what was only tried. */
class Rehearsed extends Error {}

/** Does all of `work` in the open transaction, and leaves nothing of it but its answer. */
export async function rehearse<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const answers: T[] = [];
  const tried = db.savepoint(async () => {
    answers.push(await work());
    throw new Rehearsed();
  });
  await tried.catch((error: unknown) => {
    if (!(error instanceof Rehearsed)) throw error;
  });
  return answers[0] as T;
}
