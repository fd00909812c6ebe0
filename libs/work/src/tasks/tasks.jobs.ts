import { defineJob } from '@app/platform';

export const ReleaseTasksOf = defineJob<{ userId: string }>(
  'tasks.release-tasks-of',
  'Take the open tasks of somebody who left from them, a batch of them at a time.',
);
