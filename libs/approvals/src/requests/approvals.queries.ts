import { type Actor, Clock, type Permission } from '@app/kernel';
import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
  withhold,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { APPROVALS, ApprovalPermissions, withinReach } from './approval.policy.js';
import { isCalledUpon } from './called-upon.js';
import type { ApprovalDetailView, ApprovalView, DecisionView } from './approvals.dto.js';
import { HiddenRequests } from './hidden-requests.js';

const COLUMNS: Readonly<Record<keyof ApprovalView, string>> = {
  id: 'r.id',
  subjectKind: 'r.subject_kind',
  subjectId: 'r.subject_id',
  revision: 'r.revision',
  title: 'r.title',
  hidden: 'false', // until the rows are there: see `keep`
  teamId: 'r.team_id',
  dueAt: 'r.due_at',
  requestedBy: 'r.requested_by',
  status: 'r.status',
  stage: 'r.stage',
  stages: 'r.stages',
  required: 'r.required',
  missing: 'r.missing',
  decidedBy: 'r.decided_by',
  decidedAt: 'r.decided_at',
  approvalNotes: 'r.notes',
  version: 'r.version',
  createdAt: 'r.created_at',
  stageSince: 'r.stage_since',
  remindedAt: 'r.reminded_at',
  escalatedAt: 'r.escalated_at',
  updatedAt: 'r.updated_at',
  mayDecide: "(r.status = 'pending' and c.reached and c.upon and c.free) is true",
};

const ALLOWS_SELF_APPROVAL = `coalesce((r.policy ->> 'allowSelfApproval')::boolean, true) and exists (select 1 from approval_policies p
    where p.tenant_id = r.tenant_id and p.subject_kind = r.subject_kind and p.is_active and p.allow_self_approval)`;

const isFree = (me: string): string => `(${me} <> all (r.excluded) or (${ALLOWS_SELF_APPROVAL}))`;

/**
 * Beside the rows and not among the columns, so that the statement that counts has every parameter too: whether the stage
 * waits for the reader, whether it is within their reach, and whether they may decide on what they had a hand in. The policy
 * is looked at for those rows alone.
 */
function standing(actor: Actor, now: Date, params: unknown[]): string {
  const upon = isCalledUpon(actor, now, params);
  const reached = withinReach(actor, ApprovalPermissions.decide, params);
  const free = actor.kind === 'service' ? 'false' : isFree(`$${params.push(actor.id)}::uuid`);
  return `lateral (select ${upon} as upon, ${reached} as reached, ${free} as free) c`;
}

const DECISIONS = `(select coalesce(json_agg(json_build_object('id', d.id, 'stage', d.stage, 'revision', d.revision, 'decision', d.decision,
    'decidedBy', d.decided_by, 'onBehalfOf', d.on_behalf_of, 'approvalNotes', d.notes, 'isSelfApproval', d.is_self_approval, 'at', d.at) order by d.at, d.id), '[]')
  from approval_decisions d where d.tenant_id = r.tenant_id and d.request_id = r.id)`;

const DETAIL: Readonly<Record<keyof ApprovalDetailView, string>> = {
  ...COLUMNS,
  contentHash: 'r.content_hash',
  excluded: 'r.excluded',
  policy: 'r.policy',
  decisions: DECISIONS,
};

/** JSON made by PostgreSQL carries an instant as text, in an offset of its own. */
const withInstant = (decision: DecisionView): DecisionView => ({ ...decision, at: new Date(decision.at) });

const SHARED = {
  id: { type: 'id', column: 'r.id' },
  subjectKind: {
    type: 'text',
    column: 'r.subject_kind',
    operators: ['eq', 'ne', 'in', 'nin'],
    example: 'responses.response',
  },
  subjectId: { type: 'id', column: 'r.subject_id' },
  teamId: { type: 'id', column: 'r.team_id', nullable: true },
  dueAt: { type: 'instant', column: 'r.due_at', nullable: true, sortable: true },
  requestedBy: { type: 'id', column: 'r.requested_by' },
  createdAt: { type: 'instant', column: 'r.created_at', sortable: true },
} as const;
const OUTPUTS = Object.keys(COLUMNS);

/** What is due soonest comes first, what has no deadline last. */
export const ApprovalQueue: ListSpec = {
  fields: defineFields(SHARED),
  defaultSort: 'dueAt',
  outputs: OUTPUTS,
  resource: 'approvals/queue',
};

export const ApprovalList: ListSpec = {
  fields: defineFields({
    ...SHARED,
    status: { type: 'enum', column: 'r.status', values: APPROVALS.states, example: 'pending' },
    decidedBy: { type: 'id', column: 'r.decided_by', nullable: true },
    decidedAt: { type: 'instant', column: 'r.decided_at', nullable: true, sortable: true },
    updatedAt: { type: 'instant', column: 'r.updated_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: OUTPUTS,
};

export type ApprovalRound = Pick<
  ApprovalDetailView,
  'id' | 'revision' | 'contentHash' | 'status' | 'requestedBy' | 'decidedBy' | 'decidedAt' | 'createdAt' | 'updatedAt'
> & { readonly notes: string | null; readonly decisions: DecisionView[] };

@Injectable()
export class ApprovalsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly hidden: HiddenRequests,
  ) {}

  /** What waits for a decision at a stage that is for the reader, within the reach of who may decide. */
  queue(actor: Actor, query: ListQuery): Promise<Page<ApprovalView>> {
    const waits = "r.status = 'pending' and c.upon";
    return this.page(actor, ApprovalPermissions.decide, waits, query, ApprovalQueue);
  }

  list(actor: Actor, query: ListQuery): Promise<Page<ApprovalView>> {
    return this.page(actor, ApprovalPermissions.read, 'true', query, ApprovalList);
  }

  /** @throws RecordNotFound, also when it is out of reach */
  async view(actor: Actor, id: string): Promise<ApprovalDetailView> {
    const params: unknown[] = [currentTenantId(), id];
    const reach = withinReach(actor, ApprovalPermissions.read, params);
    const from = `approval_requests r cross join ${standing(actor, this.clock.now(), params)}`;
    const columns = Object.entries(DETAIL).map(([name, sql]) => `${sql} as "${name}"`);
    const sql = `select ${columns.join(', ')} from ${from} where r.tenant_id = $1 and r.id = $2 and ${reach}`;
    const found = await this.db.one<ApprovalDetailView>(sql, params);
    if (!found) throw new RecordNotFound('approval request', id);
    await this.keep([found], actor);
    return { ...found, decisions: found.hidden ? [] : found.decisions.map(withInstant) };
  }

  /** Every round of a subject, first to last. Whose subject it is has decided that the reader may see it. */
  async roundsOf(subjectKind: string, subjectId: string): Promise<ApprovalRound[]> {
    const sql = `select r.id, r.revision, r.content_hash as "contentHash", r.status, r.requested_by as "requestedBy", r.decided_by as "decidedBy",
        r.decided_at as "decidedAt", r.created_at as "createdAt", r.updated_at as "updatedAt", r.notes, ${DECISIONS} as decisions
      from approval_requests r where r.tenant_id = $1 and r.subject_kind = $2 and r.subject_id = $3 order by r.created_at, r.id`;
    const rounds = await this.db.query<ApprovalRound>(sql, [currentTenantId(), subjectKind, subjectId]);
    return rounds.map((round) => ({ ...round, decisions: round.decisions.map(withInstant) }));
  }

  private page(
    actor: Actor,
    permission: Permission,
    where: string,
    query: ListQuery,
    spec: ListSpec,
  ): Promise<Page<ApprovalView>> {
    const params: unknown[] = [currentTenantId()];
    const reach = withinReach(actor, permission, params);
    return readPage<ApprovalView>(this.db, {
      select: COLUMNS,
      from: `approval_requests r cross join ${standing(actor, this.clock.now(), params)}`,
      where: `r.tenant_id = $1 and ${where} and ${reach}`,
      params,
      query,
      spec,
      withhold: (rows) => this.keep(rows, actor),
    });
  }

  /** Takes from requests what their subjects keep from the actor. */
  private async keep(requests: readonly ApprovalView[], actor: Actor): Promise<void> {
    const isHidden = await this.hidden.among(requests, actor);
    for (const request of requests)
      if (isHidden(request)) withhold(request, { title: null, approvalNotes: null, hidden: true });
  }
}
