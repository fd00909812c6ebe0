import { type Actor, systemActor, Unavailable } from '@app/kernel';
import { heldBy, runHolding } from './ambient.js';

/**
 * Who acts, for which tenant, in which request. One per request, job or socket message. The request's scope is opened
 * empty in Fastify's `onRequest` hook and filled once by the guard; everybody else opens a filled one with `runAs`.
 */
export class Scope {
  private current: Actor | undefined;

  constructor(
    readonly requestId: string,
    actor?: Actor,
  ) {
    this.current = actor;
  }

  get actor(): Actor | undefined {
    return this.current;
  }

  /** Fills an empty scope. @throws when it is already another's: a scope never changes hands. */
  enter(actor: Actor): void {
    if (this.current && this.current !== actor) throw new Error('A scope is filled once');
    this.current = actor;
  }
}

export const currentScope = (): Scope | undefined => heldBy(Scope);

/** Runs `work` in a new scope. Used at the doors: HTTP hook, job runner, socket middleware, command line. */
export const runInScope = <T>(scope: Scope, work: () => T): T => runHolding(Scope, scope, work);

/** Runs `work` as this actor, in the actor's tenant. */
export const runAs = <T>(actor: Actor, requestId: string, work: () => T): T =>
  runHolding(Scope, new Scope(requestId, actor), work);

/** Runs `work` as the named system actor of a tenant; `requestId` says what caused it. */
export const runAsSystem = <T>(tenantId: string, name: `${string}.${string}`, requestId: string, work: () => T): T =>
  runAs(systemActor(tenantId, name), requestId, work);

/** Runs `work` without tenant or actor: only the system door's functions answer there. */
export const runOutside = <T>(work: () => T): T => runHolding(Scope, undefined, work);

/** Whoever acts now. @throws when nobody does: a code path that forgot its scope must not go on. */
export function currentActor(): Actor {
  const actor = currentScope()?.actor;
  if (!actor) throw new NobodyActs();
  return actor;
}

export const currentTenantId = (): string => currentActor().tenantId;
export const currentRequestId = (): string => currentScope()?.requestId ?? '';

class NobodyActs extends Unavailable {
  constructor() {
    super('no_scope', 'Nobody acts here: the work was started outside a request, job or system scope');
  }
}
