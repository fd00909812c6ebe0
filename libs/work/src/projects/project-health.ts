import type { ProjectHealth, ProjectStatus } from './project.policy.js';

export type Standing = {
  readonly status: ProjectStatus;
  readonly dueOn: string | null;
  readonly budgetMinutes: number | null;
  readonly taskCount: number;
  readonly doneCount: number;
  readonly lateCount: number;
  readonly loggedMinutes: number;
};

/** Per cent of the tasks that are done, of those that were not called off; 0 where there are none. */
export const progressOf = ({ taskCount, doneCount }: Standing): number =>
  taskCount ? Math.floor((doneCount / taskCount) * 100) : 0;

/**
 * `late`: past its own day and not over. `at_risk`: a task of it is overdue, or more was worked than its budget has.
 * `today` where the tenant is, `YYYY-MM-DD`.
 */
export function healthOf(project: Standing, today: string): ProjectHealth {
  if (project.status === 'completed' || project.status === 'cancelled') return 'on_track';
  if (project.dueOn !== null && project.dueOn < today) return 'late';
  const isOverspent = project.budgetMinutes !== null && project.loggedMinutes > project.budgetMinutes;
  return project.lateCount > 0 || isOverspent ? 'at_risk' : 'on_track';
}
