import { currentTenantId, Database, type Facts, type Fields, Moments, Ports, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApproverRoll } from '../requests/approver-roll.js';
import { ApprovalSubjectPort } from '../requests/approval-subject.port.js';
import { ApprovalPolicy, type ApprovalRules } from './approval-policy.entity.js';
import { applyPolicy, type GivenRule, readRules } from './approval-rules.js';
import { DEFAULT_POLICY } from './default-policy.js';
import type { AppliedPolicy } from './stage.js';

/** A policy as somebody sets it. */
export type GivenPolicy = Omit<ApprovalRules, 'rules'> & { readonly rules?: readonly GivenRule[] };

@Injectable()
export class ApprovalPoliciesService {
  constructor(
    private readonly db: Database,
    private readonly moments: Moments,
    private readonly ports: Ports,
    private readonly roll: ApproverRoll,
  ) {}

  /** What is asked for by these facts is approved so, from now on and until it is decided. */
  async applyTo(subjectKind: string, facts: Facts, sampleKey: string): Promise<AppliedPolicy> {
    const found = await this.find(subjectKind);
    const [policy, fields] = [found?.isActive ? found : DEFAULT_POLICY, this.factsOf(subjectKind)];
    const moment = await this.moments.of(
      policy.rules.map(({ when }) => when),
      fields,
    );
    return applyPolicy(policy, facts, fields, { ...moment, sampleKey });
  }

  /** Asked at the decision: the switch counts from the moment it is turned off. */
  async allowsSelfApproval(subjectKind: string): Promise<boolean> {
    const found = await this.find(subjectKind);
    return found?.isActive ? found.allowSelfApproval : DEFAULT_POLICY.allowSelfApproval;
  }

  /**
   * `version` 0: the caller saw that the kind had no policy of its own.
   * @throws VersionConflict, Invalid for rules that cannot be read or passed, ApproverUnknown
   */
  async set(subjectKind: string, { rules: given = [], ...policy }: GivenPolicy, version?: number): Promise<void> {
    const rules = readRules(given, this.factsOf(subjectKind));
    const roleId = policy.patience?.escalateToRoleId;
    await this.roll.assertKnown([
      ...rules.flatMap(({ stages }) => stages.map(({ approvers }) => approvers)),
      ...(roleId ? [{ kind: 'role' as const, ids: [roleId] }] : []),
    ]);
    const to = { ...policy, rules };
    await this.db.transaction(async () => {
      await this.db.query("select pg_advisory_xact_lock(hashtextextended('approvals.policy ' || $1 || $2, 0))", [
        currentTenantId(),
        subjectKind,
      ]);
      const found = await this.find(subjectKind);
      if (found) return this.db.change(ApprovalPolicy, found.id, version, (one) => one.reset(to));
      if (version) throw new VersionConflict('approval policy', subjectKind, version, 0);
      return this.db.create(ApprovalPolicy.set(subjectKind, to));
    });
  }

  private factsOf(subjectKind: string): Fields {
    return this.ports.all(ApprovalSubjectPort).find((one) => one.subjectKind === subjectKind)?.facts ?? {};
  }

  private async find(subjectKind: string): Promise<ApprovalPolicy | undefined> {
    const [found] = await this.db.findWhere(ApprovalPolicy, 'tenant_id = $1 and subject_kind = $2', [
      currentTenantId(),
      subjectKind,
    ]);
    return found;
  }
}
