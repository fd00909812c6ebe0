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
/** `deleteAt`: which of the times it was to be deleted at. */
export const DeleteTenant = defineJob<{ deleteAt: string }>(
  'auth.delete-tenant',
  'Deletes a tenant for good once its time to be kept is over.',
);

defineSchedule(PurgeSessions, '20 3 * * *');
