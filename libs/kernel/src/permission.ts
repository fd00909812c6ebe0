declare const brand: unique symbol;

/** How far a permission reaches: records of one's own, of one's teams, or all of the tenant. */
export const SCOPES = ['own', 'team', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * `resource:action`. A scoped permission is granted as `resource:action_own`, `_team` or `_all`; an unscoped one as it
 * stands. Roles are data: the code names permissions, never roles.
 */
export type Permission = {
  readonly name: string;
  readonly description: string;
  readonly scoped: boolean;
  readonly [brand]: true;
};

type Spec = string | { description: string; scoped: true };

const declared = new Map<string, Permission>();

/** `definePermissions('customers', { read: { description: '…', scoped: true }, create: '…' }).read` */
export function definePermissions<const D extends Record<string, Spec>>(
  resource: string,
  specs: D,
): { readonly [A in keyof D]: Permission } {
  const entries = Object.entries(specs).map(([action, spec]) => {
    const name = `${resource}:${action.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (declared.has(name)) throw new Error(`Permission ${name} is declared twice`);
    const scoped = typeof spec !== 'string';
    const permission = Object.freeze({ name, scoped, description: scoped ? spec.description : spec }) as Permission;
    declared.set(name, permission);
    return [action, permission];
  });
  return Object.freeze(Object.fromEntries(entries) as { [A in keyof D]: Permission });
}

/** Every declared permission by name, in order of declaration. */
export const declaredPermissions = (): ReadonlyMap<string, Permission> => declared;

/** The strings that may stand in a role: `users:create`, `customers:read_own`, `customers:read_team`, `customers:read_all`. */
export const grantsOf = (permission: Permission): string[] =>
  permission.scoped ? SCOPES.map((scope) => `${permission.name}_${scope}`) : [permission.name];
