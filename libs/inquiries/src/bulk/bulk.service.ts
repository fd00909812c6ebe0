import { Forbidden, type Permission } from '@app/kernel';
import { currentActor, Database, Denials, type Denied, toProblem } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../inquiries/inquiry.errors.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import type { BulkVerb, InquiryBulkAnswer, InquiryBulkOperation, InquiryBulkResult } from './bulk.dto.js';
import { InquiryVerbs } from './inquiry-verbs.js';

const NEEDED: Record<BulkVerb, Permission> = {
  update: InquiryPermissions.update,
  assign: InquiryPermissions.assign,
  status: InquiryPermissions.update,
  snooze: InquiryPermissions.update,
  spam: InquiryPermissions.update,
  trash: InquiryPermissions.delete,
  restore: InquiryPermissions.update,
};

const HERE: Denied = { method: 'POST', route: '/api/v1/inquiries/bulk', path: '/api/v1/inquiries/bulk' };

/** Many operations in one request, each by itself: one that is refused leaves the others as they are. */
@Injectable()
export class InquiriesBulkService {
  constructor(
    private readonly db: Database,
    private readonly verbs: InquiryVerbs,
    private readonly denials: Denials,
  ) {}

  /** In order, so that an operation sees what those before it did. Refusals for lack of a right are put on record, each verb once. */
  async run(operations: readonly InquiryBulkOperation[]): Promise<InquiryBulkAnswer> {
    const data: InquiryBulkResult[] = [];
    const denied = new Map<string, Forbidden>();
    for (const [index, operation] of operations.entries()) data.push(await this.attempt(operation, index, denied));
    for (const refusal of denied.values()) await this.denials.record(HERE, refusal);
    const failed = data.filter(({ problem }) => problem).length;
    return { data, meta: { total: data.length, succeeded: data.length - failed, failed } };
  }

  private async attempt(
    operation: InquiryBulkOperation,
    index: number,
    denied: Map<string, Forbidden>,
  ): Promise<InquiryBulkResult> {
    const { op, id } = operation;
    try {
      if (!currentActor().can(NEEDED[op])) throw new PermissionMissing(NEEDED[op].name);
      const done = await this.db.savepoint(() => this.verbs.perform(operation));
      return { index, op, id, status: 200, version: done?.version ?? null, problem: null };
    } catch (error) {
      if (error instanceof Forbidden) denied.set(op, error);
      const { status, code, detail, errors } = toProblem(error, '', '').problem;
      if (status >= 500) throw error;
      return { index, op, id, status, version: null, problem: { code, detail, ...(errors && { errors }) } };
    }
  }
}
