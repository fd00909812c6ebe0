import { Conflict } from '@app/kernel';
import { Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SessionsService } from '../sessions/sessions.service.js';
import { Team, type TeamFields } from './team.entity.js';

class TeamNameTaken extends Conflict {
  constructor() {
    super('team_name_taken', 'There is a team of this name already');
  }
}

const nameTaken = onConstraint('teams_name_is_free', () => new TeamNameTaken());

/** Who works with whom. A change holds at the members' next request. */
@Injectable()
export class TeamsService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws TeamNameTaken */
  form(fields: TeamFields, id?: string): Promise<Team> {
    return this.db.create(Team.form(fields, id)).catch(nameTaken);
  }

  async edit(id: string, version: number | undefined, fields: Partial<TeamFields>): Promise<void> {
    await this.db.change(Team, id, version, (team) => team.edit(fields)).catch(nameTaken);
  }

  async dissolve(id: string, version?: number): Promise<void> {
    const members = await this.db.transaction(async () => {
      const team = await this.db.lock(Team, id, version);
      const rows = await this.db.query<{ user_id: string }>(
        'delete from team_members where team_id = $1 returning user_id',
        [id],
      );
      team.dissolve();
      await this.db.remove(team);
      return rows.map(({ user_id: userId }) => userId);
    });
    await this.sessions.reconsider(members);
  }

  /** Takes somebody in, or makes a member its lead or no longer its lead. */
  async enrol(id: string, userId: string, isLead: boolean): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.change(Team, id, undefined, (team) => team.haveOtherMembers());
      const enrolled = this.db.query(
        'insert into team_members (team_id, user_id, is_lead) values ($1, $2, $3) on conflict (tenant_id, team_id, user_id) do update set is_lead = excluded.is_lead',
        [id, userId, isLead],
      );
      await enrolled.catch(onConstraint('team_members_user', () => new RecordNotFound('user', userId)));
    });
    await this.sessions.reconsider([userId]);
  }

  /** @throws RecordNotFound for somebody who is no member */
  async dismiss(id: string, userId: string): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.change(Team, id, undefined, (team) => team.haveOtherMembers());
      const gone = await this.db.query('delete from team_members where team_id = $1 and user_id = $2 returning 1', [
        id,
        userId,
      ]);
      if (!gone.length) throw new RecordNotFound('team member', userId);
    });
    await this.sessions.reconsider([userId]);
  }
}
