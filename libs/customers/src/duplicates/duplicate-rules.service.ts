import { currentTenantId, Database, onConstraint, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DuplicateRules, type DuplicateRulesDocument, USUAL_RULES } from './duplicate-rules.entity.js';

export type CurrentRules = DuplicateRulesDocument & { readonly version: number };

@Injectable()
export class DuplicateRulesService {
  constructor(private readonly db: Database) {}

  /** Version 0 while the tenant has changed nothing. */
  async current(): Promise<CurrentRules> {
    const found = await this.db.find(DuplicateRules, currentTenantId());
    return found ?? { ...USUAL_RULES, version: 0 };
  }

  /** @throws VersionConflict */
  async replace(document: DuplicateRulesDocument, version?: number): Promise<CurrentRules> {
    const tenantId = currentTenantId();
    const found = await this.db.find(DuplicateRules, tenantId);
    if (found) return this.db.change(DuplicateRules, tenantId, version, (rules) => rules.replace(document));
    const stale = (seen: number): VersionConflict => new VersionConflict('duplicate rules', tenantId, seen, 1);
    if (version) throw stale(version);
    return this.db
      .create(DuplicateRules.of(tenantId, document))
      .catch(onConstraint('customer_duplicate_rules_pkey', () => stale(0)));
  }
}
