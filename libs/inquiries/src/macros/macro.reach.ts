import type { Actor } from '@app/kernel';
import { MacroPermissions } from './macro.policy.js';

/** Which macros `m` somebody may use, as SQL: everybody's and those of one's teams; who manages all of them sees all. */
export function usableBy(actor: Actor, params: unknown[]): string {
  if (actor.reach(MacroPermissions.manage) === 'all') return 'true';
  return `(m.team_id is null or m.team_id = any ($${params.push(actor.teams)}::uuid[]))`;
}

/** Whether a macro of this team, null for everybody's, that this user wrote, may be written by the actor. */
export function mayWrite(actor: Actor, { teamId, createdBy }: { teamId: string | null; createdBy: string }): boolean {
  const reach = actor.reach(MacroPermissions.manage);
  const isOfMyTeam = teamId !== null && actor.teams.includes(teamId);
  return reach === 'all' || (isOfMyTeam && (reach === 'team' || (reach === 'own' && createdBy === actor.id)));
}
