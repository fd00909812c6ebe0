import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scope } from './scope.js';

type Held = { readonly owner: object; readonly value: unknown; readonly outer: Held | undefined };
type Ambient = { readonly scope: Scope | undefined; readonly held: Held | undefined };

// One for the process: Node carries each further storage along with every promise, used or not.
const storage = new AsyncLocalStorage<Ambient>();

export const ambientScope = (): Scope | undefined => storage.getStore()?.scope;

export const runWithScope = <T>(scope: Scope | undefined, work: () => T): T =>
  storage.run({ scope, held: storage.getStore()?.held }, work);

/** What this owner holds around the caller: a `Database` its open transaction. */
export function heldBy<T>(owner: object): T | undefined {
  let held = storage.getStore()?.held;
  while (held && held.owner !== owner) held = held.outer;
  return held?.value as T | undefined;
}

export function runHolding<T>(owner: object, value: unknown, work: () => T): T {
  const around = storage.getStore();
  return storage.run({ scope: around?.scope, held: { owner, value, outer: around?.held } }, work);
}
