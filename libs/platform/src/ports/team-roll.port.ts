import { RuleBroken } from '@app/kernel';
import { definePort, type Ports } from './port.js';

/** Which teams the tenant has: for what stands below the people and keeps ids of teams. */
export interface TeamRoll {
  /** Those of these ids that are a team's. */
  existingTeams(ids: readonly string[]): Promise<string[]>;
}

export const TeamRollPort = definePort<TeamRoll>('team-roll');

export class TeamNotFound extends RuleBroken {
  constructor(teamIds: readonly string[]) {
    super('team_not_found', 'There is no such team', { teamIds });
  }
}

/** Asks whoever keeps the teams, where somebody does. @throws TeamNotFound */
export async function assertTeamsExist(ports: Ports, teamIds: readonly string[]): Promise<void> {
  for (const roll of teamIds.length ? ports.all(TeamRollPort) : []) {
    const known = new Set(await roll.existingTeams(teamIds));
    const unknown = teamIds.filter((teamId) => !known.has(teamId.toLowerCase()));
    if (unknown.length) throw new TeamNotFound(unknown);
  }
}
