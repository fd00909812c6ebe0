import type { Actor } from '@app/kernel';
import { ApprovalPermissions } from './approval.policy.js';

const DECIDE = ApprovalPermissions.decide.name;

const isMember = (user: string): string => `exists (select 1 from team_members m
      where m.tenant_id = app_tenant() and m.user_id = ${user} and m.team_id = r.team_id)`;

const reachesItsTeam = (user: string): string =>
  `(${isMember(user)} or r.team_id = any (reached_teams(app_tenant(), ${user})))`;

/** SQL over `approval_requests r`: this user, a column of the caller's, may come in and has the permission to decide on it. */
export const mayDecide = (user: string): string => `exists (select 1 from users a
    join user_roles ur on ur.tenant_id = a.tenant_id and ur.user_id = a.id
    join roles o on o.tenant_id = ur.tenant_id and o.id = ur.role_id
    where a.tenant_id = app_tenant() and a.id = ${user} and a.status = 'active'
      and ('${DECIDE}_all' = any (o.grants) or ('${DECIDE}_team' = any (o.grants) and ${reachesItsTeam(user)})))`;

const absencesOf = (delegate: string, at: string): string => `select d.user_id, false from approval_delegations d
    where d.tenant_id = app_tenant() and d.delegate_id = ${delegate} and d.revoked_at is null and ${at} >= d.from_at and ${at} < d.until_at`;

/** SQL: the places that this person decides from: their own, and of those who are absent at `now` and have delegated it. */
export function placesOf(actor: Actor, now: Date, params: unknown[]): string {
  const me = `$${params.push(actor.id)}::uuid`;
  const at = `$${params.push(now)}::timestamptz`;
  return `select ${me} as id, true as "isOwn" union all ${absencesOf(me, at)}`;
}

const IN_TEAM = `(r.team_id is null or ${isMember('p.id')})`;
const inRoles = (roles: string): string => `exists (select 1 from user_roles u
      where u.tenant_id = app_tenant() and u.user_id = p.id and u.role_id = any (${roles}))`;

const SEATED = `case r.approver_kind
    when 'users' then p.id = any (r.approver_ids)
    when 'users_or_team' then p.id = any (r.approver_ids) or ${IN_TEAM}
    when 'role' then ${inRoles('r.approver_ids')}
    when 'team' then ${IN_TEAM}
    else p."isOwn" end`;
const RELIEVING = `(p.id = any (r.relief_users) or (cardinality(r.relief_roles) > 0 and ${inRoles('r.relief_roles')})
    or case r.relief_scope when 'team' then ${IN_TEAM} when 'anyone' then p."isOwn" else false end)`;

/**
 * SQL over `approval_requests r` and `p`, a place: the request's stage waits for it, and nobody has decided from it
 * before. Who stands in does so for nobody who had a hand in it, and for nobody who could not decide on it themselves.
 */
export const WAITS_FOR_PLACE = `p.id <> all (r.decided) and (${SEATED} or ${RELIEVING})
  and (p."isOwn" or (p.id <> all (r.excluded) and ${mayDecide('p.id')}))`;

/**
 * SQL over `approval_requests r`: its stage waits for this person, who has not decided on it before. Within which reach
 * is said by `withinReach`. Values go into `params`.
 */
export function isCalledUpon(actor: Actor, now: Date, params: unknown[]): string {
  const me = `$${params.push(actor.id)}::uuid`;
  const places = placesOf(actor, now, params);
  return `(${me} <> all (r.decided) and (r.approver_kind = 'anyone' or exists (select 1 from (${places}) p where ${WAITS_FOR_PLACE})))`;
}

/**
 * SQL over `approval_requests r` and `users u`: a person who could decide on it now. With `at`, an expression, also as the
 * delegate of somebody who is absent then.
 */
export function isAbleTo(at?: string): string {
  const places = `select u.id as id, true as "isOwn" ${at ? `union all ${absencesOf('u.id', at)}` : ''}`;
  return `u.status = 'active' and u.id <> all (r.decided) and ${mayDecide('u.id')}
    and (u.id <> all (r.excluded) or coalesce((r.policy ->> 'allowSelfApproval')::boolean, true))
    and (r.approver_kind = 'anyone' or exists (select 1 from (${places}) p where ${WAITS_FOR_PLACE}))`;
}
