import { defineEvent } from '@app/kernel';

type AboutTask = { taskId: string };
type AboutProject = { projectId: string };
type AboutWorklog = { worklogId: string; userId: string };

export const TaskCreated = defineEvent<AboutTask & { assignees: string[]; recurrenceId: string | null }>(
  'tasks.created',
  'A task was created, by a person or because it was its turn to come again',
);
export const TaskUpdated = defineEvent<AboutTask & { changed: string[] }>(
  'tasks.updated',
  'Fields of a task changed; `changed` names them',
);
export const TaskAssigned = defineEvent<AboutTask & { added: string[]; removed: string[] }>(
  'tasks.assigned',
  'Somebody else does a task from now on, or somebody less',
);
export const TaskStatusChanged = defineEvent<AboutTask & { from: string; to: string; reason: string | null }>(
  'tasks.status-changed',
  'A task moved to another status',
);
export const TaskTrashed = defineEvent<AboutTask>('tasks.trashed', 'A task was put into the trash');
export const TaskRestored = defineEvent<AboutTask>('tasks.restored', 'A task was taken out of the trash');
export const TaskRecurrenceEnded = defineEvent<{ recurrenceId: string }>(
  'tasks.recurrence-ended',
  'A task comes again no more: its rule is over, or somebody ended it',
);

export const ProjectCreated = defineEvent<AboutProject & { customerId: string | null }>(
  'projects.created',
  'A project was created',
);
export const ProjectUpdated = defineEvent<AboutProject & { changed: string[] }>(
  'projects.updated',
  'Fields, members or milestones of a project changed; `changed` names them',
);
export const ProjectPassedOn = defineEvent<AboutProject & { ownerId: string; previous: string }>(
  'projects.passed-on',
  'Somebody else answers for a project',
);
export const ProjectStatusChanged = defineEvent<AboutProject & { from: string; to: string }>(
  'projects.status-changed',
  'A project moved to another status',
);

export const WorklogStarted = defineEvent<AboutWorklog>('worklogs.started', 'Somebody began to work: a timer runs');
export const WorklogRecorded = defineEvent<AboutWorklog & { minutes: number; customerId: string | null }>(
  'worklogs.recorded',
  'Time was recorded, by a timer that was stopped or by hand',
);
export const WorklogUpdated = defineEvent<AboutWorklog & { changed: string[] }>(
  'worklogs.updated',
  'A record of time was corrected; `changed` names what of it',
);
export const WorklogRemoved = defineEvent<AboutWorklog>('worklogs.removed', 'A record of time was taken away');
export const WorklogApproved = defineEvent<AboutWorklog & { approvedBy: string; minutes: number }>(
  'worklogs.approved',
  'A record of time was approved, and is locked from now on',
);
export const WorklogReopened = defineEvent<AboutWorklog>(
  'worklogs.reopened',
  'The approval of a record of time was taken back',
);
