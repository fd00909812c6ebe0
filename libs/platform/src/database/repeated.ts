import { setTimeout as wait } from 'node:timers/promises';
import { isDatabaseFault } from './errors.js';

const ASKED_FOR = new Set(['40001', '40P01']); // serialization failure, deadlock: PostgreSQL has undone all of it
const TRIES = 5;

/** Does what PostgreSQL does as a whole or not at all, again where PostgreSQL asks for it. @throws its failure, the last of five such ones */
export async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRIES || !isDatabaseFault(error) || !ASKED_FOR.has(error.code ?? '')) throw error;
      await wait(Math.random() * 20 * 2 ** attempt);
    }
  }
}
