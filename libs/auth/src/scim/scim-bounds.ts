import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered } from '../access/grants.js';
import { RoleAssignments } from '../roles/role-assignments.js';
import { ScimProtected } from './scim.errors.js';

const MAPPED =
  'select distinct unnest(r.grants) as grant from scim_group_roles m join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id where m.tenant_id = app_tenant()';

/** What a directory may not do, whatever it says. */
@Injectable()
export class ScimBounds {
  constructor(
    private readonly db: Database,
    private readonly roles: RoleAssignments,
  ) {}

  /** @throws ScimProtected when one of them may come in without the directory */
  async assertOrdinary(userIds: readonly string[]): Promise<void> {
    const found = await this.db.one(
      'select 1 from users where tenant_id = app_tenant() and id = any ($1::uuid[]) and is_break_glass limit 1',
      [userIds],
    );
    if (found) throw new ScimProtected();
  }

  /**
   * Whoever chooses an account's address, or opens it again, may soon be in it. So that may be done to those alone who may
   * do no more than the groups of the directory bring anyway, and the client itself.
   * @throws ExceedsOwnGrants
   */
  async assertBringsAsMuch(userId: string): Promise<void> {
    const mapped = await this.db.query<{ grant: string }>(MAPPED);
    const { kind, grants } = currentActor();
    assertCovered(
      { kind, grants: [...grants, ...mapped.map(({ grant }) => grant)] },
      await this.roles.grantsOf(userId),
    );
  }
}
