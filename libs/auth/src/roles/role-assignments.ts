import type { FieldRules } from '@app/kernel';
import { currentActor, Database, FieldCatalogue } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered } from '../access/grants.js';
import { assertFieldsCovered } from '../field-rights/own-field-rights.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Administrators } from '../users/administrators.js';
import { User } from '../users/user.entity.js';
import { RoleUnknown } from './role.errors.js';

type Named = { id: string; name: string; grants: string[]; fieldRules: FieldRules };

const GIVEN =
  'select distinct unnest(r.grants) as grant from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id where ur.user_id = $1';

/** Who has which role. Holds at the next request: the sessions go on with the new grants. */
@Injectable()
export class RoleAssignments {
  constructor(
    private readonly db: Database,
    private readonly administrators: Administrators,
    private readonly sessions: SessionsService,
    private readonly fields: FieldCatalogue,
  ) {}

  /** What a user's roles grant, together. */
  async grantsOf(userId: string): Promise<string[]> {
    return (await this.db.query<{ grant: string }>(GIVEN, [userId])).map(({ grant }) => grant);
  }

  async holdersOf(roleId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>('select user_id as id from user_roles where role_id = $1', [
      roleId,
    ]);
    return rows.map(({ id }) => id);
  }

  /** Their ids, when the actor may give them. @throws RoleUnknown, ExceedsOwnGrants, ExceedsOwnFieldRights */
  async giveable(roles: readonly string[]): Promise<string[]> {
    return (await this.assertGiveable(roles)).map(({ id }) => id);
  }

  /** Roles for somebody who has none yet. In the open transaction. @throws RoleUnknown, ExceedsOwnGrants, ExceedsOwnFieldRights */
  async give(userId: string, roles: readonly string[]): Promise<void> {
    await this.insert(userId, await this.assertGiveable(roles));
  }

  /** Exactly these roles from now on. @throws RoleUnknown, ExceedsOwnGrants, ExceedsOwnFieldRights, LastAdministrator */
  async replace(userId: string, version: number | undefined, roles: readonly string[]): Promise<void> {
    await this.administrators.keepOne(async () => {
      await this.db.change(User, userId, version, (user) => user.haveOtherRoles());
      const wanted = await this.named(roles);
      const touched = [...wanted.flatMap(({ grants }) => grants), ...(await this.grantsOf(userId))];
      assertCovered(currentActor(), touched);
      this.assertOpensNoField(wanted);
      await this.db.query('delete from user_roles where user_id = $1 and role_id <> all ($2::uuid[])', [
        userId,
        wanted.map(({ id }) => id),
      ]);
      await this.insert(userId, wanted);
    });
    await this.sessions.reconsider([userId]);
  }

  private async assertGiveable(roles: readonly string[]): Promise<Named[]> {
    const wanted = await this.named(roles);
    assertCovered(
      currentActor(),
      wanted.flatMap(({ grants }) => grants),
    );
    this.assertOpensNoField(wanted);
    return wanted;
  }

  private assertOpensNoField(wanted: readonly Named[]): void {
    if (wanted.length) assertFieldsCovered(this.fields.rightsOf(wanted.map(({ fieldRules }) => fieldRules)));
  }

  private async named(idsOrNames: readonly string[]): Promise<Named[]> {
    const asked = [...new Set(idsOrNames)];
    const found = await this.db.query<Named>(
      'select id, name, grants, field_rules as "fieldRules" from roles where id::text = any ($1) or name = any ($1)',
      [asked],
    );
    const missing = asked.filter((one) => !found.some(({ id, name }) => id === one.toLowerCase() || name === one));
    if (missing.length) throw new RoleUnknown(missing);
    return found;
  }

  private async insert(userId: string, roles: readonly Named[]): Promise<void> {
    const ids = roles.map(({ id }) => id);
    if (ids.length)
      await this.db.query(
        'insert into user_roles (user_id, role_id) select $1, unnest($2::uuid[]) on conflict do nothing',
        [userId, ids],
      );
  }
}
