import { defineJob, defineSchedule, type Occasion } from '@app/platform';

export const PurgeSessions = defineJob<Occasion>(
  'auth.purge-sessions',
  'Removes sessions, codes and devices that are long over.',
);

export const ResealSecrets = defineJob<Occasion>(
  'auth.reseal-secrets',
  'Seals anew what still rests under a retired encryption key.',
);

defineSchedule(ResealSecrets, '40 3 * * *');
defineSchedule(PurgeSessions, '20 3 * * *');
