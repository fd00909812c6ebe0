import { cellText, type ImportField, type ImportValues } from '@app/platform';
import { TASK_PRIORITIES, TASK_STATUSES } from '../task.policy.js';

export const TASK_FIELDS: readonly ImportField[] = [
  { name: 'id', type: 'text', isKey: true, description: 'Finds a task; a new one gets an id of its own' },
  { name: 'title', type: 'text', isKey: true, isRequired: true, description: 'Up to 300 characters' },
  { name: 'description', type: 'text', description: 'Up to 20,000 characters' },
  { name: 'status', type: 'text', description: TASK_STATUSES.join(', ') },
  { name: 'blockedBecause', type: 'text', description: 'What blocks it; needed for blocked' },
  { name: 'priority', type: 'text', description: TASK_PRIORITIES.join(', ') },
  { name: 'dueOn', type: 'date', description: 'A day' },
  { name: 'dueAt', type: 'text', description: 'A time instead of a day: ISO 8601, such as 2031-03-03T10:00:00Z' },
  { name: 'zone', type: 'text', description: 'IANA; of a new task the tenant’s unless given' },
  { name: 'project', type: 'text', description: 'Its id or name, of one that you may see' },
  {
    name: 'assignees',
    type: 'text',
    description: 'Ids, e-mail addresses or usernames, parted by commas or semicolons',
  },
  { name: 'teamId', type: 'text', description: 'The team whose members reach the task while nobody does it' },
];

/** Those that the body of a request says in the same words. */
export const IN_OWN_WORDS = ['title', 'description', 'priority', 'dueOn', 'dueAt', 'zone', 'teamId'];

/** Undefined where the row says nothing of it. */
export const assigneesIn = (row: ImportValues): string[] | undefined =>
  cellText(row, 'assignees')
    ?.split(/[,;]/)
    .map((word) => word.trim())
    .filter(Boolean);
