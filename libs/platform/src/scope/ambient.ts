import { AsyncLocalStorage } from 'node:async_hooks';

type Held = { readonly owner: object; readonly value: unknown; readonly outer: Held | undefined };

// One for the process: Node carries each further storage along with every promise, used or not.
const storage = new AsyncLocalStorage<Held | undefined>();

/** What this owner holds around the caller: a `Database` its open transaction, say. */
export function heldBy<T>(owner: object): T | undefined {
  let held = storage.getStore();
  while (held && held.owner !== owner) held = held.outer;
  return held?.value as T | undefined;
}

/** Runs `work` while the owner holds the value, in place of what it held before. */
export const runHolding = <T>(owner: object, value: unknown, work: () => T): T =>
  storage.run({ owner, value, outer: without(storage.getStore(), owner) }, work);

/** So that what goes on from within, again and again, carries no more than one value of each. */
function without(held: Held | undefined, owner: object): Held | undefined {
  if (!held) return undefined;
  return held.owner === owner ? held.outer : { ...held, outer: without(held.outer, owner) };
}
