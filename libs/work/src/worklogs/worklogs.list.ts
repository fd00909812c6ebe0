import { defineFields, type ListSpec } from '@app/platform';
import { WORKLOG_STATUSES } from './worklog.policy.js';

/** Output name to SQL over `w`, a row of worklogs. */
export const WORKLOG_COLUMNS = {
  id: 'w.id',
  userId: 'w.user_id',
  customerId: 'w.customer_id',
  projectId: 'w.project_id',
  taskId: 'w.task_id',
  description: 'w.description',
  status: 'w.status',
  startedAt: 'w.started_at',
  endedAt: 'w.ended_at',
  minutes: 'w.minutes',
  isBillable: 'w.is_billable',
  rate: `case when w.rate_amount is not null then jsonb_build_object('amount', w.rate_amount, 'currency', w.currency) end`,
  approvedAt: 'w.approved_at',
  approvedBy: 'w.approved_by',
  version: 'w.version',
  createdAt: 'w.created_at',
  updatedAt: 'w.updated_at',
} as const;

export const WorklogList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'w.id' },
    userId: { type: 'id', column: 'w.user_id' },
    customerId: { type: 'id', column: 'w.customer_id', nullable: true },
    projectId: { type: 'id', column: 'w.project_id', nullable: true },
    taskId: { type: 'id', column: 'w.task_id', nullable: true },
    status: { type: 'enum', column: 'w.status', values: WORKLOG_STATUSES, example: 'recorded' },
    isBillable: { type: 'boolean', column: 'w.is_billable' },
    minutes: { type: 'integer', column: 'w.minutes', nullable: true, example: 30 },
    startedAt: { type: 'instant', column: 'w.started_at', sortable: true, example: '2026-11-02' },
    approvedBy: { type: 'id', column: 'w.approved_by', nullable: true },
    createdAt: { type: 'instant', column: 'w.created_at' },
  }),
  defaultSort: '-startedAt',
  record: 'worklogs',
  outputs: Object.keys(WORKLOG_COLUMNS),
};
