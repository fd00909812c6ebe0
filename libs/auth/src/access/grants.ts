import { declaredPermissions, Forbidden, grantsOf, SCOPES } from '@app/kernel';

/** Somebody tried to give, or to touch somebody who has, what they do not hold themselves. */
export class ExceedsOwnGrants extends Forbidden {
  constructor(grants: readonly string[]) {
    super(
      'exceeds_own_grants',
      `Nobody hands out or overrules what they do not hold: ${grants.slice(0, 5).join(', ')}`,
      { grants },
    );
  }
}

const SCOPED = /^(.+)_(own|team|all)$/;

/** Whether a grant, in its scope or a wider one, is among these. */
export function covers(held: ReadonlySet<string>, grant: string): boolean {
  if (held.has(grant)) return true;
  const [, permission, scope] = SCOPED.exec(grant) ?? [];
  if (!permission || !scope) return false;
  const wider = SCOPES.slice(SCOPES.findIndex((one) => one === scope) + 1);
  return wider.some((one) => held.has(`${permission}_${one}`));
}

/** The system may hand out anything. @throws ExceedsOwnGrants */
export function assertCovered(
  actor: { readonly kind: string; readonly grants: readonly string[] },
  wanted: readonly string[],
): void {
  if (actor.kind === 'system') return;
  const held = new Set(actor.grants);
  const missing = wanted.filter((grant) => !covers(held, grant));
  if (missing.length) throw new ExceedsOwnGrants(missing);
}

/** Everything that the loaded contexts declare, in its widest scope. */
export const everyGrant = (): string[] =>
  [...declaredPermissions().values()].flatMap((permission) => grantsOf(permission).slice(-1));

/** Every string that may stand in a role. */
export const knownGrants = (): Set<string> => new Set([...declaredPermissions().values()].flatMap(grantsOf));
