import { Forbidden } from '@app/kernel';
import { Database, Denials, type Denied, toProblem } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalRequest } from '../requests/approval-request.entity.js';
import { ApprovalsService } from '../requests/approvals.service.js';
import type { BulkDecisionAnswer, BulkDecisionDto, BulkDecisionResult } from './bulk-decide.dto.js';

const HERE: Denied = {
  method: 'POST',
  route: '/api/v1/approvals/bulk-decide',
  path: '/api/v1/approvals/bulk-decide',
};

/** Many decisions in one request, each by itself: one that is refused leaves the others as they are. */
@Injectable()
export class BulkDecideService {
  constructor(
    private readonly db: Database,
    private readonly approvals: ApprovalsService,
    private readonly denials: Denials,
  ) {}

  /** In order. Refusals for lack of a right are put on record, each kind of them once. */
  async decide(decisions: readonly BulkDecisionDto[]): Promise<BulkDecisionAnswer> {
    const data: BulkDecisionResult[] = [];
    const denied = new Map<string, Forbidden>();
    for (const [index, decision] of decisions.entries()) data.push(await this.attempt(decision, index, denied));
    for (const refusal of denied.values()) await this.denials.record(HERE, refusal);
    const failed = data.filter(({ problem }) => problem).length;
    return { data, meta: { total: data.length, succeeded: data.length - failed, failed } };
  }

  private async attempt(
    { id, revision, decision, notes }: BulkDecisionDto,
    index: number,
    denied: Map<string, Forbidden>,
  ): Promise<BulkDecisionResult> {
    try {
      await this.db.savepoint(() => this.approvals.decideOn(id, decision, revision, notes ?? null));
      const { status: approvalStatus } = await this.db.get(ApprovalRequest, id);
      return { index, id, status: 200, approvalStatus, problem: null };
    } catch (error) {
      const { status, code, detail, errors } = toProblem(error, '', '').problem;
      if (error instanceof Forbidden) denied.set(code, error);
      if (status >= 500) throw error;
      return { index, id, status, approvalStatus: null, problem: { code, detail, ...(errors && { errors }) } };
    }
  }
}
