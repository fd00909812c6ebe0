import { definePermissions, StateMachine } from '@app/kernel';

export const TaskPermissions = definePermissions('tasks', {
  read: { description: 'See tasks', scoped: true },
  create: 'Create tasks',
  update: { description: 'Change tasks: what is to be done, by whom, how far it is', scoped: true },
  delete: { description: 'Put tasks into the trash and take them out of it', scoped: true },
  export: 'Export as a file the tasks that one may see',
});

export const TASK_STATUSES = ['todo', 'in_progress', 'blocked', 'review', 'done', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const TASK_STATUS = new StateMachine<TaskStatus>('task', 'todo', {
  todo: ['in_progress', 'done', 'cancelled'],
  in_progress: ['todo', 'blocked', 'review', 'done', 'cancelled'],
  blocked: ['in_progress', 'done', 'cancelled'],
  review: ['in_progress', 'done', 'cancelled'],
  done: ['todo'],
  cancelled: ['todo'],
});

export const isOver = (status: TaskStatus): boolean => status === 'done' || status === 'cancelled';

export const TASK_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type TaskPriority = (typeof TASK_PRIORITIES)[number];

export const MOST_ASSIGNEES = 20;
export const MOST_DEPENDENCIES = 50;
export const MOST_ITEMS = 100;
export const MOST_LINKS = 20;
