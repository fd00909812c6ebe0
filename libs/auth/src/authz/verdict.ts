import { type Permission, SCOPES, type Scope } from '@app/kernel';

/** What decides whether somebody may do something, as it stands at the moment. */
export type Facts = {
  readonly permission: Permission;
  readonly isActive: boolean;
  readonly isTenantSuspended: boolean;
  /** Whether the permission opens any route that only reads. */
  readonly isForReading: boolean;
  readonly restriction: string | null;
  readonly isHeld: boolean;
  /** Undefined when nobody asked about a record. */
  readonly record?: {
    /** There is one, and whoever asks may see it. */
    readonly isSeen: boolean;
    readonly isReached: boolean;
    readonly isReadable: boolean;
    readonly isReadFirst: boolean;
  };
};

const REFUSALS = {
  user_deactivated: 'The account is deactivated',
  tenant_suspended: 'The tenant is suspended: it is read, not changed',
  password_change_required: 'Another password must be chosen first',
  mfa_enrolment_required: 'A second factor must be set up first',
  session_restricted: 'Something else must be done first in this session',
  permission_missing: 'No role grants the permission',
  not_found: 'There is no such record, or none that you may see',
  not_readable: 'The record may not be read, so it may not be changed',
  out_of_reach: 'The permission does not reach this record',
} as const;

export type RefusalCode = keyof typeof REFUSALS;
export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[];
export type Refusal = { readonly code: RefusalCode; readonly message: string };

/** Everything that stands in the way, in the order in which a request meets it; nothing where it is allowed. */
export function refusalsOf({ record, ...facts }: Facts): Refusal[] {
  const codes: (RefusalCode | false | null)[] = [
    !facts.isActive && 'user_deactivated',
    restrictionOf(facts.restriction),
    !facts.isHeld && 'permission_missing',
    facts.isTenantSuspended && !facts.isForReading && 'tenant_suspended',
    record !== undefined && refusalOfRecord(record),
  ];
  return codes.filter((code) => code !== false && code !== null).map((code) => ({ code, message: REFUSALS[code] }));
}

function restrictionOf(restriction: string | null): RefusalCode | null {
  if (restriction === null) return null;
  return restriction in REFUSALS ? (restriction as RefusalCode) : 'session_restricted';
}

function refusalOfRecord(record: NonNullable<Facts['record']>): RefusalCode | false {
  if (!record.isSeen) return 'not_found';
  if (record.isReadFirst && !record.isReadable) return 'not_readable';
  return !record.isReached && 'out_of_reach';
}

/** The grant by which these give the permission, the widest of them; undefined when they do not. */
export function grantOf(grants: readonly string[], { name, scoped }: Permission): string | undefined {
  const forms = scoped ? [...SCOPES].reverse().map((scope: Scope) => `${name}_${scope}`) : [name];
  return forms.find((form) => grants.includes(form));
}
