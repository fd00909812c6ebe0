import { definePermissions, StateMachine } from '@app/kernel';

export const ProjectPermissions = definePermissions('projects', {
  read: { description: 'See projects', scoped: true },
  create: 'Create projects',
  update: { description: 'Change projects, their members, milestones and status', scoped: true },
});

export const PROJECT_STATUSES = ['planned', 'active', 'on_hold', 'completed', 'cancelled'] as const;
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];

export const PROJECT_STATUS = new StateMachine<ProjectStatus>('project', 'planned', {
  planned: ['active', 'cancelled'],
  active: ['on_hold', 'completed', 'cancelled'],
  on_hold: ['active', 'completed', 'cancelled'],
  completed: [],
  cancelled: [],
});

export const isClosed = (status: ProjectStatus): boolean => status === 'completed' || status === 'cancelled';

export const PROJECT_HEALTH = ['on_track', 'at_risk', 'late'] as const;
export type ProjectHealth = (typeof PROJECT_HEALTH)[number];

export const MOST_MEMBERS = 200;
export const MOST_MILESTONES = 100;
export const MOST_TASKS_OF_TEMPLATE = 200;
