import { currentActor, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered } from '../access/grants.js';
import { UserRolesChanged } from '../events.js';
import { RoleAssignments } from '../roles/role-assignments.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Administrators } from '../users/administrators.js';

const WANTED = `select distinct m.user_id, r.role_id from scim_group_members m
  join scim_group_roles r on r.tenant_id = m.tenant_id and r.team_id = m.team_id
  where m.tenant_id = app_tenant() and m.user_id = any ($1::uuid[])`;

const TAKE = `delete from user_roles ur using scim_role_grants g
  where g.tenant_id = app_tenant() and g.user_id = any ($1::uuid[])
    and ur.tenant_id = g.tenant_id and ur.user_id = g.user_id and ur.role_id = g.role_id
    and not exists (select 1 from (${WANTED}) w where w.user_id = g.user_id and w.role_id = g.role_id)
  returning ur.user_id as "userId"`;

const GIVE = `with given as (
    insert into user_roles (user_id, role_id) select w.user_id, w.role_id from (${WANTED}) w on conflict do nothing
    returning user_id, role_id),
  noted as (insert into scim_role_grants (user_id, role_id) select user_id, role_id from given)
  select user_id as "userId" from given`;

type Holder = { readonly userId: string };

/** Which roles the directory's groups bring, and that whoever it puts into a group has them. */
@Injectable()
export class ScimRoles {
  constructor(
    private readonly db: Database,
    private readonly administrators: Administrators,
    private readonly roles: RoleAssignments,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * A group brings exactly these roles from now on, to those who are in it too. Nobody maps, or takes out of a mapping,
   * what they do not hold. @throws RecordNotFound, RoleUnknown, ExceedsOwnGrants, LastAdministrator
   */
  async map(teamId: string, roles: readonly string[]): Promise<void> {
    await this.administrators.keepOne(async () => {
      const team = await this.db.one('select 1 from teams where id = $1 for update', [teamId]);
      if (!team) throw new RecordNotFound('team', teamId);
      const roleIds = await this.roles.giveable(roles);
      const dropped = await this.db.query<{ grants: string[] }>(
        `with dropped as (delete from scim_group_roles where team_id = $1 and role_id <> all ($2::uuid[]) returning role_id)
         select r.grants from roles r join dropped d on d.role_id = r.id where r.tenant_id = app_tenant()`,
        [teamId, roleIds],
      );
      assertCovered(
        currentActor(),
        dropped.flatMap(({ grants }) => grants),
      );
      await this.db.query(
        'insert into scim_group_roles (team_id, role_id) select $1, unnest($2::uuid[]) on conflict do nothing',
        [teamId, roleIds],
      );
      const members = 'select user_id as "userId" from scim_group_members where team_id = $1';
      await this.settle((await this.db.query<Holder>(members, [teamId])).map(({ userId }) => userId));
    });
  }

  /**
   * In the open transaction: these people have the roles that their groups bring, and no more by them. What somebody else
   * gave them stays. Two statements, however many they are.
   */
  async settle(userIds: readonly string[]): Promise<void> {
    if (!userIds.length) return;
    const taken = await this.db.query<Holder>(TAKE, [userIds]);
    const given = await this.db.query<Holder>(GIVE, [userIds]);
    const touched = [...new Set([...taken, ...given].map(({ userId }) => userId))];
    if (!touched.length) return;
    await this.db.publish(...touched.map((userId) => UserRolesChanged({ userId })));
    this.db.afterCommit(() => this.sessions.reconsider(touched));
  }
}
