import type { Actor, Permission } from '@app/kernel';
import { createParamDecorator, SetMetadata } from '@nestjs/common';
import { currentActor } from '../scope/index.js';
import type { Restriction } from './restriction.js';

export const ACCESS = 'nexus:access';

export type Access =
  | { readonly kind: 'permission'; readonly permission: Permission; readonly orElse: readonly Permission[] }
  | { readonly kind: 'authenticated'; readonly evenRestricted: boolean | Restriction }
  | { readonly kind: 'public'; readonly limited: boolean };

type Route = ClassDecorator & MethodDecorator;
const access = (value: Access): Route => SetMetadata(ACCESS, value);

/**
 * Opens a route to whoever holds the permission, in any of its scopes. A route without a declared access stops the boot.
 * `orElse`: who holds one of these comes in too, to be told by the use case why not: an author who approves their own text.
 */
export const Allow = (permission: Permission, ...orElse: Permission[]): Route =>
  access({ kind: 'permission', permission, orElse });

/**
 * Opens a route to every user of the tenant: what is one's own. `evenRestricted`: also while something else is due first,
 * whatever it is, or while just this is.
 */
export const AllowAuthenticated = (options: { evenRestricted?: boolean | Restriction } = {}): Route =>
  access({ kind: 'authenticated', evenRestricted: options.evenRestricted ?? false });

/** Opens a route to everybody. `limited: false` takes it out of the rate limits (health, metrics). */
export const Public = (options: { limited?: boolean } = {}): Route =>
  access({ kind: 'public', limited: options.limited ?? true });

/** The actor of the request, for handlers whose service asks who acts. */
export const CurrentActor = createParamDecorator((): Actor => currentActor());
