import { currentTenantId, Database, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalPolicy, type ApprovalRules } from './approval-policy.entity.js';
import { DEFAULT_POLICY } from './default-policy.js';

export type PolicyInForce = { readonly required: number; readonly allowSelfApproval: boolean };

@Injectable()
export class ApprovalPoliciesService {
  constructor(private readonly db: Database) {}

  async inForce(subjectKind: string): Promise<PolicyInForce> {
    const found = await this.find(subjectKind);
    return found?.isActive ? found : DEFAULT_POLICY;
  }

  /** `version` 0: the caller saw that the kind had no policy of its own. @throws VersionConflict */
  async set(subjectKind: string, rules: ApprovalRules, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.query("select pg_advisory_xact_lock(hashtextextended('approvals.policy ' || $1 || $2, 0))", [
        currentTenantId(),
        subjectKind,
      ]);
      const found = await this.find(subjectKind);
      if (found) return this.db.change(ApprovalPolicy, found.id, version, (policy) => policy.reset(rules));
      if (version) throw new VersionConflict('approval policy', subjectKind, version, 0);
      return this.db.create(ApprovalPolicy.set(subjectKind, rules));
    });
  }

  private async find(subjectKind: string): Promise<ApprovalPolicy | undefined> {
    const [found] = await this.db.findWhere(ApprovalPolicy, 'tenant_id = $1 and subject_kind = $2', [
      currentTenantId(),
      subjectKind,
    ]);
    return found;
  }
}
