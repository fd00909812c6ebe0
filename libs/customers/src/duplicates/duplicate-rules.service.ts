import { currentTenantId, Database, onConstraint, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DuplicateRules, type DuplicateRulesDocument, USUAL_RULES } from './duplicate-rules.entity.js';

export type CurrentRules = DuplicateRulesDocument & { readonly version: number };

/** How long a process may go by rules that another one has changed since. */
const RECENT_MS = 1000;
const MOST_KEPT = 1000;

@Injectable()
export class DuplicateRulesService {
  private readonly kept = new Map<string, { readonly rules: Promise<CurrentRules>; readonly until: number }>();

  constructor(private readonly db: Database) {}

  /** As they stood at most a second ago: they are asked for with every customer that is entered, and hardly ever change. */
  recent(): Promise<CurrentRules> {
    const tenantId = currentTenantId();
    const kept = this.kept.get(tenantId);
    if (kept && performance.now() < kept.until) return kept.rules;
    const rules = this.current();
    if (this.db.isInTransaction) return rules;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(tenantId, { rules, until: performance.now() + RECENT_MS });
    rules.catch(() => this.kept.delete(tenantId));
    return rules;
  }

  /** Version 0 while the tenant has changed nothing. */
  async current(): Promise<CurrentRules> {
    const found = await this.db.find(DuplicateRules, currentTenantId());
    return found ?? { ...USUAL_RULES, version: 0 };
  }

  /** @throws VersionConflict */
  async replace(document: DuplicateRulesDocument, version?: number): Promise<CurrentRules> {
    const tenantId = currentTenantId();
    const rules = await this.written(tenantId, document, version);
    this.db.afterCommit(() => this.kept.delete(tenantId));
    return rules;
  }

  private async written(tenantId: string, document: DuplicateRulesDocument, version?: number): Promise<CurrentRules> {
    const found = await this.db.find(DuplicateRules, tenantId);
    if (found) return this.db.change(DuplicateRules, tenantId, version, (rules) => rules.replace(document));
    const stale = (seen: number): VersionConflict => new VersionConflict('duplicate rules', tenantId, seen, 1);
    if (version) throw stale(version);
    return this.db
      .create(DuplicateRules.of(tenantId, document))
      .catch(onConstraint('customer_duplicate_rules_pkey', () => stale(0)));
  }
}
