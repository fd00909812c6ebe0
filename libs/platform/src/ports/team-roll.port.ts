import { definePort } from './port.js';

/** Which teams the tenant has: for what stands below the people and keeps ids of teams. */
export interface TeamRoll {
  /** Those of these ids that are a team's. */
  existingTeams(ids: readonly string[]): Promise<string[]>;
}

export const TeamRollPort = definePort<TeamRoll>('team-roll');
