import { defineFields, type ListSpec } from '@app/platform';
import { selectOf, shownFields } from '@app/records';
import { PROJECT_STATUSES } from './project.policy.js';

const TASKS = 'from tasks t where t.tenant_id = p.tenant_id and t.project_id = p.id and t.deleted_at is null';
const money = (amount: string): string =>
  `case when ${amount} is not null then jsonb_build_object('amount', ${amount}, 'currency', p.currency) end`;

/** What it has come to is counted when it is asked for. */
const COLUMNS = {
  id: 'p.id',
  name: 'p.name',
  description: 'p.description',
  customerId: 'p.customer_id',
  status: 'p.status',
  startsOn: 'p.starts_on',
  dueOn: 'p.due_on',
  budgetMinutes: 'p.budget_minutes',
  budget: money('p.budget_amount'),
  rate: money('p.rate_amount'),
  milestones: 'p.milestones',
  members: 'p.members',
  teamId: 'p.team_id',
  ownerId: 'p.owner_id',
  createdBy: 'p.created_by',
  closedAt: 'p.closed_at',
  taskCount: `(select count(*)::int ${TASKS} and t.status <> 'cancelled')`,
  doneCount: `(select count(*)::int ${TASKS} and t.status = 'done')`,
  lateCount: `(select count(*)::int ${TASKS} and t.status not in ('done', 'cancelled') and t.due_at < now())`,
  loggedMinutes: `(select coalesce(sum(w.minutes), 0)::int from worklogs w where w.tenant_id = p.tenant_id and w.project_id = p.id)`,
  version: 'p.version',
  createdAt: 'p.created_at',
  updatedAt: 'p.updated_at',
} as const;

/** Output name to SQL over `p`, a row of projects, as whoever asks may see it. */
export const projectColumns = () => ({ ...COLUMNS, customFields: shownFields('projects', 'p.custom_fields') });

/** The same as the columns of a select. */
export const selectProject = selectOf(COLUMNS, 'projects', 'p.custom_fields');

export const ProjectList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'p.id' },
    name: { type: 'text', column: 'p.name', example: 'New warehouse' },
    customerId: { type: 'id', column: 'p.customer_id', nullable: true },
    status: { type: 'enum', column: 'p.status', values: PROJECT_STATUSES, example: 'active' },
    dueOn: { type: 'date', column: 'p.due_on', nullable: true },
    teamId: { type: 'id', column: 'p.team_id', nullable: true },
    ownerId: { type: 'id', column: 'p.owner_id' },
    createdBy: { type: 'id', column: 'p.created_by' },
    createdAt: { type: 'instant', column: 'p.created_at', sortable: true, example: '2026-11-02' },
    updatedAt: { type: 'instant', column: 'p.updated_at' },
  }),
  defaultSort: '-createdAt',
  outputs: [...Object.keys(COLUMNS), 'customFields', 'progress', 'health'],
  resource: 'projects',
  custom: 'p.custom_fields',
};
