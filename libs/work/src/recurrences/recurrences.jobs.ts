import { defineJob, defineSchedule, type Occasion, TENANTS_ZONE } from '@app/platform';

export const SpawnOccurrences = defineJob<Occasion>(
  'tasks.spawn-occurrences',
  'Make the tasks that come again and are due before the next morning, some of them at a time.',
);
/** When the day of a tenant begins, on its own wall. */
export const MORNING = '06:00:00';
defineSchedule(SpawnOccurrences, '0 6 * * *', TENANTS_ZONE);
