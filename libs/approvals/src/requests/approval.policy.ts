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

/** Own: I asked for it or had a hand in it. Team: it is one of my teams' as well. */
export function isWithinReach(actor: Actor, permission: Permission, { teamId, excluded }: Reachable): boolean {
  const reach = actor.reach(permission);
  const isOwn = excluded.includes(actor.id);
  switch (reach) {
    case 'all':
      return true;
    case 'team':
      return isOwn || (teamId !== null && actor.teams.includes(teamId));
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
  return [own, { name: 'in_my_team', sql: `r.team_id = any (${place(actor.teams, 'uuid[]')})` }];
}

/** The same as SQL. */
export const withinReach = (actor: Actor, permission: Permission, params: unknown[]): string =>
  anyOf(waysOf(actor, permission, params));

/** SQL: the places that this person decides from: their own, and of those who are absent at `now` and have delegated it. */
export function placesOf(actor: Actor, now: Date, params: unknown[]): string {
  const me = `$${params.push(actor.id)}::uuid`;
  const at = `$${params.push(now)}::timestamptz`;
  return `select ${me} as id, true as "isOwn" union all select d.user_id, false from approval_delegations d
    where d.tenant_id = app_tenant() and d.delegate_id = ${me} and d.revoked_at is null and ${at} >= d.from_at and ${at} < d.until_at`;
}

const IN_TEAM = `(r.team_id is null or exists (select 1 from team_members m
      where m.tenant_id = app_tenant() and m.user_id = p.id and m.team_id = r.team_id))`;

/**
 * SQL over `approval_requests r` and `p`, a place: the request's stage waits for it, and nobody has decided from it
 * before. Who stands in does so for nobody who had a hand in it.
 */
export const WAITS_FOR_PLACE = `p.id <> all (r.decided) and (p."isOwn" or p.id <> all (r.excluded)) and case r.approver_kind
    when 'users' then p.id = any (r.approver_ids)
    when 'users_or_team' then p.id = any (r.approver_ids) or ${IN_TEAM}
    when 'role' then exists (select 1 from user_roles u
      where u.tenant_id = app_tenant() and u.user_id = p.id and u.role_id = any (r.approver_ids))
    when 'team' then ${IN_TEAM}
    else p."isOwn" end`;

/**
 * SQL over `approval_requests r`: its stage waits for this person, who has not decided on it before. Within which reach
 * is said by `withinReach`. Values go into `params`.
 */
export function isCalledUpon(actor: Actor, now: Date, params: unknown[]): string {
  const me = `$${params.push(actor.id)}::uuid`;
  const places = placesOf(actor, now, params);
  return `(${me} <> all (r.decided) and (r.approver_kind = 'anyone' or exists (select 1 from (${places}) p where ${WAITS_FOR_PLACE})))`;
}
