import {
  type Actor,
  anyOf,
  definePermissions,
  EVERY_RECORD,
  type Permission,
  StateMachine,
  type Way,
} from '@app/kernel';

export const ApprovalPermissions = definePermissions('approvals', {
  read: { description: 'See approval requests and what was decided', scoped: true },
  decide: { description: 'Approve and reject what others ask for', scoped: true },
  manage: 'Change approval policies, and who decides in whose place',
});

/** `waived`: the policy asked for nobody's approval. */
export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'recalled' | 'superseded' | 'waived';
export type Decision = Extract<ApprovalStatus, 'approved' | 'rejected'>;

export const APPROVALS = new StateMachine<ApprovalStatus>('approval request', 'pending', {
  pending: ['approved', 'rejected', 'recalled', 'superseded', 'waived'],
  approved: [],
  rejected: [],
  recalled: [],
  superseded: [],
  waived: [],
});

type Reachable = { readonly teamId: string | null; readonly excluded: readonly string[] };

/** Own: I asked for it or had a hand in it. Team: it is one of my teams' as well, or of one below those that I lead. */
export function isWithinReach(actor: Actor, permission: Permission, { teamId, excluded }: Reachable): boolean {
  const reach = actor.reach(permission);
  const isOwn = excluded.includes(actor.id);
  switch (reach) {
    case 'all':
      return true;
    case 'team':
      return isOwn || (teamId !== null && actor.reachedTeams.includes(teamId));
    case 'own':
      return isOwn;
    case undefined:
      return false;
  }
}

/** The same over `approval_requests r`, way by way; values go into `params`. */
export function waysOf(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
  const place = (value: unknown, type: string): string => `$${params.push(value)}::${type}`;
  const reach = actor.reach(permission);
  if (reach === undefined) return [];
  if (reach === 'all') return EVERY_RECORD;
  const own = { name: 'asked_for_or_written_by_me', sql: `${place(actor.id, 'uuid')} = any (r.excluded)` };
  if (reach === 'own') return [own];
  return [own, { name: 'in_my_team', sql: `r.team_id = any (${place(actor.reachedTeams, 'uuid[]')})` }];
}

/** The same as SQL. */
export const withinReach = (actor: Actor, permission: Permission, params: unknown[]): string =>
  anyOf(waysOf(actor, permission, params));
