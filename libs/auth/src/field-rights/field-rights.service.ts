import { currentActor, Database, FieldCatalogue } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered, knownGrants } from '../access/grants.js';
import { Role } from '../roles/role.entity.js';
import { RoleAssignments } from '../roles/role-assignments.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { FieldRuleDto, RoleFieldRightsView } from './field-rights.dto.js';
import { assertFieldsCovered } from './own-field-rights.js';
import { RestrictableFields, toRuleViews } from './restrictable-fields.js';

/** Which fields of records the holders of a role do not see, or do not write. */
@Injectable()
export class FieldRightsService {
  constructor(
    private readonly db: Database,
    private readonly fields: RestrictableFields,
    private readonly catalogue: FieldCatalogue,
    private readonly assignments: RoleAssignments,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws RecordNotFound */
  async view(id: string): Promise<RoleFieldRightsView> {
    return toFieldRightsView(await this.db.get(Role, id));
  }

  /**
   * Exactly these rules from now on, for everybody who has the role from their next request on.
   * @throws FieldNotRestrictable, ExceedsOwnGrants for a role that grants what the actor does not hold, ExceedsOwnFieldRights
   */
  async replace(id: string, version: number | undefined, given: readonly FieldRuleDto[]): Promise<RoleFieldRightsView> {
    const rules = await this.fields.read(given);
    const role = await this.db.change(Role, id, version, (changed) => {
      const known = knownGrants();
      assertCovered(
        currentActor(),
        changed.grants.filter((grant) => known.has(grant)),
      );
      assertFieldsCovered(this.catalogue.rightsOf([rules]));
      changed.restrictFields(rules);
    });
    await this.sessions.reconsider(await this.assignments.holdersOf(id));
    return toFieldRightsView(role);
  }
}

const toFieldRightsView = ({ id, fieldRules, version }: Role): RoleFieldRightsView => ({
  id,
  rules: toRuleViews(fieldRules),
  version,
});
