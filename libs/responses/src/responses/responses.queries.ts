import { ApprovalsFacade } from '@app/approvals';
import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { APPROVAL_SUBJECT } from './response-approval.js';
import { ResponseRecords } from './response-records.js';
import { STEP_KINDS } from './response-step.js';
import { ResponsePermissions, RESPONSE_STATUSES } from './response.policy.js';
import type { ApprovalRoundView, QuotedFactView, ResponseView, RevisionView, StepView } from './responses.dto.js';

const COLUMNS = {
  id: 'r.id',
  inquiryId: 'r.inquiry_id',
  customerId: 'r.customer_id',
  message: 'r.message',
  template: 'r.template',
  status: 'r.status',
  revision: 'r.revision',
  respondedBy: 'r.responded_by',
  submittedBy: 'r.submitted_by',
  submittedAt: 'r.submitted_at',
  approvedBy: 'r.approved_by',
  approvedAt: 'r.approved_at',
  isSelfApproved: 'r.is_self_approved',
  waivedByRule: 'r.waived_by_rule',
  approvalNotes: 'r.approval_notes',
  sendAt: 'r.send_at',
  holdReason: 'r.hold_reason',
  staleFacts: 'r.stale_facts',
  deliveryState: 'r.delivery_state',
  failureReason: 'r.failure_reason',
  sentAt: 'r.sent_at',
  messageId: 'r.message_id',
  corrects: 'r.corrects',
  macroId: 'r.macro_id',
  version: 'r.version',
  createdAt: 'r.created_at',
  updatedAt: 'r.updated_at',
} satisfies Record<keyof ResponseView, string>;

export const ResponseList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'r.id' },
    inquiryId: { type: 'id', column: 'r.inquiry_id' },
    customerId: { type: 'id', column: 'r.customer_id' },
    status: { type: 'enum', column: 'r.status', values: RESPONSE_STATUSES, example: 'pending_approval' },
    respondedBy: { type: 'id', column: 'r.responded_by' },
    submittedBy: { type: 'id', column: 'r.submitted_by', nullable: true },
    approvedBy: { type: 'id', column: 'r.approved_by', nullable: true },
    corrects: { type: 'id', column: 'r.corrects', nullable: true },
    sendAt: { type: 'instant', column: 'r.send_at', nullable: true, sortable: true },
    sentAt: { type: 'instant', column: 'r.sent_at', nullable: true, sortable: true },
    createdAt: { type: 'instant', column: 'r.created_at', sortable: true },
    updatedAt: { type: 'instant', column: 'r.updated_at', sortable: true },
  }),
  outputs: Object.keys(COLUMNS),
  defaultSort: '-createdAt',
};

const REVISION = {
  id: 'v.id',
  revision: 'v.revision',
  message: 'v.message',
  contentHash: 'v.content_hash',
  authorId: 'v.author_id',
  at: 'v.at',
};

export const RevisionList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'v.id' },
    revision: { type: 'integer', column: 'v.revision', sortable: true },
    authorId: { type: 'id', column: 'v.author_id' },
    at: { type: 'instant', column: 'v.at', sortable: true },
  }),
  outputs: Object.keys(REVISION),
  defaultSort: '-revision',
};

const FACT = {
  id: 'f.id',
  revision: 'f.revision',
  name: 'f.name',
  value: 'f.value',
  text: 'f.text',
  at: 'f.at',
} satisfies Record<keyof QuotedFactView, string>;

export const QuotedFactList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'f.id' },
    revision: { type: 'integer', column: 'f.revision', sortable: true },
    name: { type: 'text', column: 'f.name', sortable: true },
  }),
  outputs: Object.keys(FACT),
  defaultSort: '-revision',
};

const STEP = {
  id: 's.id',
  kind: 's.kind',
  revision: 's.revision',
  actorId: 's.actor_id',
  at: 's.at',
  notes: 's.notes',
};

export const StepList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 's.id' },
    kind: { type: 'enum', column: 's.kind', values: STEP_KINDS },
    revision: { type: 'integer', column: 's.revision' },
    actorId: { type: 'id', column: 's.actor_id' },
    at: { type: 'instant', column: 's.at', sortable: true },
  }),
  outputs: Object.keys(STEP),
  defaultSort: '-at',
};

const ONE = Object.entries(COLUMNS).map(([name, sql]) => `${sql} as "${name}"`);

@Injectable()
export class ResponsesQueries {
  constructor(
    private readonly db: Database,
    private readonly records: ResponseRecords,
    private readonly approvals: ApprovalsFacade,
  ) {}

  list(query: ListQuery): Promise<Page<ResponseView>> {
    const params: unknown[] = [currentTenantId()];
    const where = `r.tenant_id = $1 and ${this.within(params)}`;
    return readPage<ResponseView>(this.db, {
      select: COLUMNS,
      from: 'responses r',
      where,
      params,
      query,
      spec: ResponseList,
    });
  }

  /** @throws RecordNotFound */
  async get(id: string): Promise<ResponseView> {
    const params: unknown[] = [currentTenantId(), id];
    const found = await this.db.one<ResponseView>(
      `select ${ONE.join(', ')} from responses r where r.tenant_id = $1 and r.id = $2 and ${this.within(params)}`,
      params,
    );
    if (!found) throw new RecordNotFound('response', id);
    return found;
  }

  async revisions(id: string, query: ListQuery): Promise<Page<RevisionView>> {
    await this.get(id);
    const where = 'v.tenant_id = $1 and v.response_id = $2';
    const params = [currentTenantId(), id];
    return readPage<RevisionView>(this.db, {
      select: REVISION,
      from: 'response_revisions v',
      where,
      params,
      query,
      spec: RevisionList,
    });
  }

  /** Every round, first to last: there are as many as somebody submitted, so they come on one page. */
  async approvalsOf(id: string): Promise<Page<ApprovalRoundView>> {
    await this.get(id);
    const rounds = await this.approvals.historyOf(APPROVAL_SUBJECT, id);
    const data = rounds.map(
      ({
        id: roundId,
        revision,
        contentHash,
        status,
        requestedBy,
        decidedBy,
        decidedAt,
        notes,
        decisions,
        createdAt,
      }) => ({
        id: roundId,
        revision,
        contentHash,
        status,
        requestedBy,
        decidedBy,
        decidedAt,
        approvalNotes: notes,
        decisions: decisions.map(({ stage, decision, decidedBy: by, approvalNotes, at }) => ({
          ...{ stage, decision, decidedBy: by, approvalNotes, at },
        })),
        createdAt,
      }),
    );
    const total = data.length;
    return {
      data,
      meta: { page: 1, limit: total, total, totalPages: 1, hasNext: false, hasPrev: false, nextCursor: null },
    };
  }

  async steps(id: string, query: ListQuery): Promise<Page<StepView>> {
    await this.get(id);
    const where = 's.tenant_id = $1 and s.response_id = $2';
    const params = [currentTenantId(), id];
    return readPage<StepView>(this.db, {
      select: STEP,
      from: 'response_steps s',
      where,
      params,
      query,
      spec: StepList,
    });
  }

  /** What each revision quotes, as it was when that was submitted. */
  async facts(id: string, query: ListQuery): Promise<Page<QuotedFactView>> {
    await this.get(id);
    const where = 'f.tenant_id = $1 and f.response_id = $2';
    const params = [currentTenantId(), id];
    return readPage<QuotedFactView>(this.db, {
      select: FACT,
      from: 'response_facts f',
      where,
      params,
      query,
      spec: QuotedFactList,
    });
  }

  private within(params: unknown[]): string {
    return this.records.reach('r', currentActor(), ResponsePermissions.read, params);
  }
}
