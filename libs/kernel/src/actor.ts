import { createHash } from 'node:crypto';
import type { FieldRights } from './field-rights.js';
import { type Permission, SCOPES, type Scope } from './permission.js';

export type ActorKind = 'user' | 'service' | 'system';

export type Circumstances = {
  readonly reachedTeams?: readonly string[];
  readonly fieldRights?: FieldRights | undefined;
  readonly impersonatorId?: string | null;
};

/** Who acts: a person, a service token, or a named part of the system itself. */
export class Actor {
  /** As far as what is granted `_team` reaches: `teams`, and all teams below those that they lead. */
  readonly reachedTeams: readonly string[];
  /** Absent for most: what is absent is asked no further. */
  readonly fieldRights: FieldRights | undefined;
  /** Who really acts, where somebody sees the system as another person. */
  readonly impersonatorId: string | null;

  constructor(
    readonly id: string,
    readonly tenantId: string,
    readonly name: string,
    private readonly granted: ReadonlySet<string>,
    /** Those they are a member of. */
    readonly teams: readonly string[] = [],
    readonly kind: ActorKind = 'user',
    readonly sessionId: string | null = null,
    { reachedTeams = teams, fieldRights, impersonatorId = null }: Circumstances = {},
  ) {
    this.reachedTeams = reachedTeams;
    this.fieldRights = fieldRights;
    this.impersonatorId = impersonatorId;
  }

  can(permission: Permission): boolean {
    return (
      this.kind === 'system' ||
      (permission.scoped ? this.reach(permission) !== undefined : this.granted.has(permission.name))
    );
  }

  /** The widest scope in which the actor holds a scoped permission; undefined when not at all. */
  reach(permission: Permission): Scope | undefined {
    if (this.kind === 'system') return 'all';
    return [...SCOPES].reverse().find((scope) => this.granted.has(`${permission.name}_${scope}`));
  }

  get grants(): readonly string[] {
    return [...this.granted];
  }
}

/** The named system actor that jobs and listeners act as: its id is derived from its name, the same on every machine. */
export function systemActor(tenantId: string, name: `${string}.${string}`): Actor {
  const hash = createHash('sha256').update(`nexus:${name}`).digest('hex');
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return new Actor(id, tenantId, name, new Set(), [], 'system');
}
