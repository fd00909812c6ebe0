import { defineJob, defineSchedule, type Occasion } from '@app/platform';

export const PurgeSessions = defineJob<Occasion>(
  'auth.purge-sessions',
  'Removes sessions, codes and devices that are long over.',
);

defineSchedule(PurgeSessions, '20 3 * * *');
