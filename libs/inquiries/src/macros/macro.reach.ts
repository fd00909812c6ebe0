import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { type GuardedRecords, GuardedRecordsPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MacroPermissions } from './macro.policy.js';

const { read, manage } = MacroPermissions;

/** Whoever manages those of their teams does so below the ones they lead as well, and sees what they manage. */
const teamsOf = (actor: Actor): readonly string[] =>
  actor.reach(manage) === 'team' ? actor.reachedTeams : actor.teams;

const ofMyTeam = (actor: Actor, params: unknown[]): string =>
  `m.team_id = any ($${params.push(teamsOf(actor))}::uuid[])`;

function waysToUse(actor: Actor, params: unknown[]): readonly Way[] {
  if (actor.reach(manage) === 'all') return EVERY_RECORD;
  return [
    { name: 'of_everybody', sql: 'm.team_id is null' },
    { name: 'of_my_team', sql: ofMyTeam(actor, params) },
  ];
}

function waysToWrite(actor: Actor, params: unknown[]): readonly Way[] {
  const scope = actor.reach(manage);
  if (!scope) return [];
  if (scope === 'all') return EVERY_RECORD;
  const team = ofMyTeam(actor, params);
  if (scope === 'team') return [{ name: 'of_my_team', sql: team }];
  return [{ name: 'written_by_me_for_my_team', sql: `m.created_by = $${params.push(actor.id)}::uuid and ${team}` }];
}

/** Which macros `m` somebody may use, as SQL: everybody's and those of one's teams; who manages all of them sees all. */
export const usableBy = (actor: Actor, params: unknown[]): string => anyOf(waysToUse(actor, params));

/** Canned answers: who uses which, and who writes which. */
@Injectable()
@Provides(GuardedRecordsPort)
export class MacroReach implements GuardedRecords {
  readonly kind = 'macros';
  readonly namedBy = 'macroId';
  readonly read = read;
  readonly reaching = [manage];
  readonly isReadFirst = true;
  readonly from = 'macros m';
  readonly id = 'm.id';
  readonly isPresent = 'true';

  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    if (permission.name === manage.name) return waysToWrite(actor, params);
    return actor.can(permission) ? waysToUse(actor, params) : [];
  }
}

/** Whether a macro of this team, null for everybody's, that this user wrote, may be written by the actor. */
export function mayWrite(actor: Actor, { teamId, createdBy }: { teamId: string | null; createdBy: string }): boolean {
  const reach = actor.reach(manage);
  const isOfMyTeam = teamId !== null && teamsOf(actor).includes(teamId);
  return reach === 'all' || (isOfMyTeam && (reach === 'team' || (reach === 'own' && createdBy === actor.id)));
}
