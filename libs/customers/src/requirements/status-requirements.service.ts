import type { FieldFault } from '@app/kernel';
import { currentTenantId, Database, onConstraint, VersionConflict } from '@app/platform';
import { CustomFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { OWN } from '../customer-document.js';
import { UnknownDemand } from './requirement.errors.js';
import { DEMANDED_FIELDS, type StatusRequirement } from './status-requirement.js';
import { StatusRequirements } from './status-requirements.entity.js';

export type CurrentRequirements = Pick<StatusRequirements, 'rules' | 'version'>;

/** What a tenant demands of its customers, by status. */
@Injectable()
export class StatusRequirementsService {
  constructor(
    private readonly db: Database,
    private readonly fields: CustomFields,
  ) {}

  /** Version 0 while nothing was demanded. */
  async current(): Promise<CurrentRequirements> {
    return (await this.db.find(StatusRequirements, currentTenantId())) ?? { rules: [], version: 0 };
  }

  /** In force for whoever moves from now on; who stands in a status already stays there. @throws VersionConflict, UnknownDemand */
  async replace(rules: readonly StatusRequirement[], version?: number): Promise<CurrentRequirements> {
    await this.assertKnown(rules);
    const tenantId = currentTenantId();
    const found = await this.db.find(StatusRequirements, tenantId);
    if (found) return this.db.change(StatusRequirements, tenantId, version, (all) => all.replace(rules));
    const stale = (seen: number): VersionConflict => new VersionConflict('status requirements', tenantId, seen, 1);
    if (version) throw stale(version);
    return this.db
      .create(StatusRequirements.of(tenantId, rules))
      .catch(onConstraint('customer_status_requirements_pkey', () => stale(0)));
  }

  private async assertKnown(rules: readonly StatusRequirement[]): Promise<void> {
    const named = rules.flatMap(({ fields }, rule) =>
      fields.map((name, at) => ({ name, pointer: `/rules/${rule}/fields/${at}` })),
    );
    const isOwn = named.some(({ name }) => name.startsWith(OWN));
    const own = isOwn
      ? (await this.fields.definitions('customers')).flatMap(({ key, type }) => (type === 'formula' ? [] : [OWN + key]))
      : [];
    const known = new Set<string>([...DEMANDED_FIELDS, ...own]);
    const unknown: FieldFault[] = named
      .filter(({ name }) => !known.has(name))
      .map(({ pointer }) => ({ pointer, code: 'unknown_field', message: 'is not a known field' }));
    if (unknown.length) throw new UnknownDemand(unknown);
  }
}
