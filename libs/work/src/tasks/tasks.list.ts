import { defineFields, type ListSpec } from '@app/platform';
import { selectOf, shownFields } from '@app/records';
import { TASK_PRIORITIES, TASK_STATUSES } from './task.policy.js';

/** The rule by which it comes again, of `r`, a row of task_recurrences that need not be there. */
const RECURRENCE = `case when r.id is not null then jsonb_build_object('id', r.id, 'rule', r.rule, 'basis', r.basis,
  'catchUp', r.catch_up, 'nextOn', r.next_on, 'isActive', r.ended_at is null) end`;

const COLUMNS = {
  id: 't.id',
  title: 't.title',
  description: 't.description',
  status: 't.status',
  blockedBecause: 't.blocked_because',
  priority: 't.priority',
  dueAt: 't.due_at',
  dueOn: 't.due_on',
  zone: 't.zone',
  projectId: 't.project_id',
  milestoneId: 't.milestone_id',
  teamId: 't.team_id',
  assignees: 't.assignees',
  dependsOn: 't.depends_on',
  checklist: 't.checklist',
  links: 't.links',
  recurrence: RECURRENCE,
  occurrence: 't.occurrence',
  createdBy: 't.created_by',
  completedAt: 't.completed_at',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
} as const;

/** Output name to SQL over `t`, a row of tasks, as whoever asks may see it. */
export const taskColumns = () => ({ ...COLUMNS, customFields: shownFields('tasks', 't.custom_fields') });

/** The same as the columns of a select. */
export const selectTask = selectOf(COLUMNS, 'tasks', 't.custom_fields');

const OUTPUTS = [...Object.keys(COLUMNS), 'customFields'];

export const TASKS_FROM =
  'tasks t left join task_recurrences r on r.tenant_id = t.tenant_id and r.id = t.recurrence_id';

const FIELDS = {
  id: { type: 'id', column: 't.id' },
  title: { type: 'text', column: 't.title', example: 'Call Mira back' },
  status: { type: 'enum', column: 't.status', values: TASK_STATUSES, example: 'todo' },
  priority: { type: 'enum', column: 't.priority', values: TASK_PRIORITIES, example: 'high' },
  dueAt: {
    type: 'instant',
    column: 't.due_at',
    nullable: true,
    sortable: true,
    description: 'Of what is due on a day, the end of that day',
  },
  projectId: { type: 'id', column: 't.project_id', nullable: true },
  milestoneId: { type: 'id', column: 't.milestone_id', nullable: true },
  teamId: { type: 'id', column: 't.team_id', nullable: true },
  recurrenceId: { type: 'id', column: 't.recurrence_id', nullable: true },
  createdBy: { type: 'id', column: 't.created_by' },
  completedAt: { type: 'instant', column: 't.completed_at', nullable: true },
  createdAt: { type: 'instant', column: 't.created_at', sortable: true, example: '2026-11-02' },
  updatedAt: { type: 'instant', column: 't.updated_at', sortable: true },
} as const;

export const TaskList: ListSpec = {
  fields: defineFields(FIELDS),
  defaultSort: '-createdAt',
  outputs: OUTPUTS,
  resource: 'tasks',
  custom: 't.custom_fields',
  parameters: {
    assignedTo: 'Who does it: the id of a user.',
    linkedTo: 'What it is about: the kind of a record and its id, `customers:01920000-0001-7004-8000-000000000001`.',
  },
};

/** As a file: by its fields alone. */
export const TaskExportList: ListSpec = { ...TaskList, parameters: {} };

/** What I have to do, the most urgent first. */
export const MyTaskList: ListSpec = {
  fields: defineFields(FIELDS),
  defaultSort: 'dueAt',
  record: 'tasks',
  outputs: OUTPUTS,
  parameters: { all: '`true` lists also what is over.' },
};

const TRASHED = { deletedAt: 't.deleted_at', deletedBy: 't.deleted_by' } as const;

export const trashColumns = () => ({ ...taskColumns(), ...TRASHED });

export const TrashList: ListSpec = {
  fields: defineFields({
    ...FIELDS,
    deletedAt: { type: 'instant', column: 't.deleted_at', nullable: true, sortable: true },
    deletedBy: { type: 'id', column: 't.deleted_by', nullable: true },
  }),
  defaultSort: '-deletedAt',
  record: 'tasks',
  outputs: [...OUTPUTS, ...Object.keys(TRASHED)],
};
