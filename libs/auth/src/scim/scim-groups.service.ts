import { Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Team } from '../teams/team.entity.js';
import { TeamsService } from '../teams/teams.service.js';
import { Administrators } from '../users/administrators.js';
import { ScimInvalidValue, ScimNotFound, ScimTaken } from './scim.errors.js';
import { ScimBounds } from './scim-bounds.js';
import type { GroupDraft, GroupPatch, MemberStep } from './scim-group.js';
import { ScimRoles } from './scim-roles.service.js';

const externalIdTaken = onConstraint('scim_groups_external_id_is_free', () => new ScimTaken('externalId'));

const KNOWN = `select u.id from users u left join scim_users s on s.tenant_id = u.tenant_id and s.user_id = u.id
  where u.tenant_id = app_tenant() and u.id = any ($1::uuid[]) and s.removed_at is null`;
const KEEP = `insert into scim_groups (team_id, external_id) values ($1, $2)
  on conflict (tenant_id, team_id) do update set external_id = excluded.external_id`;
// Only who the directory put there itself has roles by it: whoever may choose members may not give roles in its name.
const NOTE = `insert into scim_group_members (team_id, user_id) select $1, unnest($2::uuid[]) on conflict do nothing`;

type Member = { readonly userId: string };

/** Groups of a directory are teams. */
@Injectable()
export class ScimGroups {
  constructor(
    private readonly db: Database,
    private readonly teams: TeamsService,
    private readonly administrators: Administrators,
    private readonly bounds: ScimBounds,
    private readonly roles: ScimRoles,
  ) {}

  /** Answers the id. @throws TeamNameTaken, ScimTaken, ScimInvalidValue for members that are nobody, ScimProtected */
  create({ name, externalId = null, members = [] }: GroupDraft & { name: string }): Promise<string> {
    return this.administrators.keepOne(async () => {
      const { id } = await this.teams.form({ name, description: '', parentId: null });
      await this.keep(id, externalId);
      await this.take(id, { how: 'add', ids: members });
      return id;
    });
  }

  /** @throws ScimNotFound, as `create` */
  async replace(id: string, { name, externalId = null, members = [] }: GroupDraft & { name: string }): Promise<void> {
    await this.change(id, { name, externalId, steps: [{ how: 'set', ids: members }] });
  }

  /** @throws ScimNotFound, as `create` */
  async change(id: string, { name, externalId, steps }: GroupPatch): Promise<void> {
    await this.administrators.keepOne(async () => {
      const team = await this.find(id);
      if (name !== undefined && name !== team.name) await this.teams.edit(id, undefined, { name });
      if (externalId !== undefined) await this.keep(id, externalId);
      for (const step of steps) await this.take(id, step);
    });
  }

  /** Its members stay users, without the roles that it brought. @throws ScimNotFound, ScimProtected */
  async remove(id: string): Promise<void> {
    await this.administrators.keepOne(async () => {
      await this.find(id);
      const members = await this.membersOf(id);
      await this.bounds.assertOrdinary(members);
      await this.teams.dissolve(id);
      await this.roles.settle(members);
    });
  }

  private async find(id: string): Promise<Team> {
    const team = await this.db.find(Team, id);
    if (!team) throw new ScimNotFound('Group', id);
    return team;
  }

  /** Leads stay leads, and who is there already stays as they are. */
  private async take(id: string, { how, ids }: MemberStep): Promise<void> {
    const there = await this.membersOf(id);
    const wanted = [...new Set(ids)];
    const gone = how === 'add' ? [] : there.filter((one) => wanted.includes(one) === (how === 'remove'));
    const coming = how === 'remove' ? [] : wanted;
    await this.bounds.assertOrdinary([...gone, ...coming]);
    if (coming.length) await this.enrol(id, coming);
    if (gone.length) await this.teams.dismissAll(id, gone);
    await this.roles.settle([...gone, ...coming]);
  }

  private async enrol(id: string, userIds: readonly string[]): Promise<void> {
    const known = await this.db.query<{ id: string }>(KNOWN, [userIds]);
    if (known.length < userIds.length) throw new ScimInvalidValue('members', 'must name users that are there');
    await this.teams.enrolAll(id, userIds);
    await this.db.query(NOTE, [id, userIds]);
  }

  private async membersOf(id: string): Promise<string[]> {
    const sql = 'select user_id as "userId" from team_members where tenant_id = app_tenant() and team_id = $1';
    return (await this.db.query<Member>(sql, [id])).map(({ userId }) => userId);
  }

  private async keep(id: string, externalId: string | null): Promise<void> {
    await this.db.query(KEEP, [id, externalId]).catch(externalIdTaken);
  }
}
