import { currentActor, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered, everyGrant, knownGrants } from '../access/grants.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Administrators } from '../users/administrators.js';
import { grantsOfBundle, ROLE_BUNDLES } from './role-bundles.js';
import { RoleAssignments } from './role-assignments.js';
import { Role, type RoleFields } from './role.entity.js';
import { GrantUnknown, RoleInUse, RoleNameTaken } from './role.errors.js';

/** Roles are the tenant's data. Nobody puts into one, or takes out of it, what they do not hold. */
@Injectable()
export class RolesService {
  constructor(
    private readonly db: Database,
    private readonly administrators: Administrators,
    private readonly sessions: SessionsService,
    private readonly assignments: RoleAssignments,
  ) {}

  /** @throws RoleNameTaken, GrantUnknown, ExceedsOwnGrants */
  define(fields: RoleFields): Promise<Role> {
    this.assertMayGrant(fields.grants, []);
    return this.db.create(Role.define(fields)).catch(nameTaken(fields.name));
  }

  /** @throws RoleNameTaken, GrantUnknown, ExceedsOwnGrants, LastAdministrator */
  async edit(id: string, version: number | undefined, fields: Partial<RoleFields>): Promise<void> {
    await this.administrators.keepOne(async () => {
      const edited = this.db.change(Role, id, version, (role) => {
        if (fields.grants) this.assertMayGrant(fields.grants, role.grants);
        if (fields.mfaRequired !== undefined) this.assertMayDemand(fields.mfaRequired, role);
        role.edit(fields);
      });
      await edited.catch(nameTaken(fields.name ?? ''));
    });
    await this.sessions.reconsider(await this.assignments.holdersOf(id));
  }

  /** @throws RoleInUse while somebody has it, ExceedsOwnGrants */
  async remove(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      const role = await this.db.lock(Role, id, version);
      this.assertMayGrant([], role.grants);
      await this.db.remove(role).catch(onConstraint('user_roles_role', () => new RoleInUse(role.name)));
    });
  }

  /**
   * Gives the current tenant the seeded roles that it has not, and those that hold everything what has come since. What a
   * tenant made of the others is its own affair. A bundle may name what this deployment does not load: nobody asks for it then.
   */
  async seed(): Promise<void> {
    const everything = everyGrant();
    for (const bundle of ROLE_BUNDLES) {
      const [found] = await this.db.findWhere(Role, 'name = $1', [bundle.name]);
      const grants = grantsOfBundle(bundle, everything);
      if (!found)
        await this.db.create(
          Role.define({ name: bundle.name, description: bundle.description, grants, mfaRequired: false }, true),
        );
      else if ('everything' in bundle && found.isSeeded) await this.complete(found, grants);
    }
  }

  private async complete(role: Role, grants: readonly string[]): Promise<void> {
    const missing = grants.filter((grant) => !role.grants.includes(grant));
    if (missing.length) await this.edit(role.id, undefined, { grants: [...role.grants, ...missing] });
  }

  /** Taking away is as much as giving: who could empty the role of those above them would shut them out. */
  private assertMayGrant(wanted: readonly string[], already: readonly string[]): void {
    const known = knownGrants();
    const added = wanted.filter((grant) => !already.includes(grant));
    const unknown = added.filter((grant) => !known.has(grant));
    if (unknown.length) throw new GrantUnknown(unknown);
    const removed = already.filter((grant) => !wanted.includes(grant) && known.has(grant));
    assertCovered(currentActor(), [...added, ...removed]);
  }

  /** What protects a role is lifted, or laid upon those who have it, by those alone who hold what it grants. */
  private assertMayDemand(mfaRequired: boolean, role: Role): void {
    const known = knownGrants();
    if (mfaRequired === role.mfaRequired) return;
    assertCovered(
      currentActor(),
      role.grants.filter((grant) => known.has(grant)),
    );
  }
}

const nameTaken = (name: string): ((error: unknown) => never) =>
  onConstraint('roles_name_is_free', () => new RoleNameTaken(name));
