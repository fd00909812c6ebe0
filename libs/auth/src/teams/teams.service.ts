import { Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SessionsService } from '../sessions/sessions.service.js';
import { Team, type TeamFields } from './team.entity.js';
import { ParentTeamNotFound, TeamCircle, TeamNameTaken, TeamsTooDeep } from './team.errors.js';
import { LEADS_ABOVE } from './team-tree.js';

const REFUSALS = [
  onConstraint('teams_name_is_free', () => new TeamNameTaken()),
  onConstraint('teams_parent', () => new ParentTeamNotFound()),
  onConstraint('teams_are_no_circle', () => new TeamCircle()),
  onConstraint('teams_are_not_too_deep', () => new TeamsTooDeep()),
];
const named = <T>(writing: Promise<T>): Promise<T> => REFUSALS.reduce((told, name) => told.catch(name), writing);

/** Who works with whom, and which team stands below which. A change holds at the next request of those whom it touches. */
@Injectable()
export class TeamsService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws TeamNameTaken, ParentTeamNotFound, TeamsTooDeep */
  async form(fields: TeamFields, id?: string): Promise<Team> {
    const team = await named(this.db.create(Team.form(fields, id)));
    await this.reconsiderAbove(team.parentId);
    return team;
  }

  /** The members of what moves reach what they reached before; those do not who lead above it, then or now. @throws as `form`, TeamCircle */
  async edit(id: string, version: number | undefined, fields: Partial<TeamFields>): Promise<void> {
    const passed: { former: string | null } = { former: null };
    const change = this.db.change(Team, id, version, (team) => {
      passed.former = team.parentId;
      team.edit(fields);
    });
    const { parentId } = await named(change);
    if (parentId !== passed.former) await this.reconsiderAbove(passed.former, parentId);
  }

  /** What stood below it stands below the team above it from then on. */
  async dissolve(id: string, version?: number): Promise<void> {
    const { members, parentId } = await this.db.transaction(async () => {
      const team = await this.db.lock(Team, id, version);
      const rows = await this.db.query<{ user_id: string }>(
        'delete from team_members where team_id = $1 returning user_id',
        [id],
      );
      await this.db.query(
        'update teams set parent_id = $2, version = version + 1, updated_at = now() where parent_id = $1',
        [id, team.parentId],
      );
      team.dissolve();
      await this.db.remove(team);
      return { members: rows.map(({ user_id: userId }) => userId), parentId: team.parentId };
    });
    await this.sessions.reconsider(members);
    await this.reconsiderAbove(parentId);
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

  /** Takes many in, in one statement; who is in it already stays as they are. Answers who was not. */
  async enrolAll(id: string, userIds: readonly string[]): Promise<string[]> {
    const enrolled = await this.db.transaction(async () => {
      await this.db.change(Team, id, undefined, (team) => team.haveOtherMembers());
      return this.db.query<{ userId: string }>(
        `insert into team_members (team_id, user_id) select $1, unnest($2::uuid[]) on conflict do nothing returning user_id as "userId"`,
        [id, userIds],
      );
    });
    const newcomers = enrolled.map(({ userId }) => userId);
    await this.sessions.reconsider(newcomers);
    return newcomers;
  }

  /** Dismisses many, in one statement; who is no member is passed over. */
  async dismissAll(id: string, userIds: readonly string[]): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.change(Team, id, undefined, (team) => team.haveOtherMembers());
      await this.db.query('delete from team_members where team_id = $1 and user_id = any ($2::uuid[])', [id, userIds]);
    });
    await this.sessions.reconsider(userIds);
  }

  /** Makes whoever leads one of these teams, or one above them, be read anew. */
  async reconsiderAbove(...teamIds: (string | null)[]): Promise<void> {
    const ids = teamIds.filter((id) => id !== null);
    if (!ids.length) return;
    const leads = await this.db.query<{ userId: string }>(LEADS_ABOVE, [ids]);
    await this.sessions.reconsider(leads.map(({ userId }) => userId));
  }
}
