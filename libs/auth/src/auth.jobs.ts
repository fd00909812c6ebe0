import { defineJob, defineSchedule, type Occasion } from '@app/platform';

export const PurgeSessions = defineJob<Occasion>(
  'auth.purge-sessions',
  'Removes codes and begun logins that are long over.',
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

export const ObeyRetention = defineJob<Occasion>(
  'auth.obey-retention',
  'Deletes for good what the tenant has kept for as long as it wants.',
);

defineSchedule(ObeyRetention, '50 3 * * *');
defineSchedule(PurgeSessions, '20 3 * * *');
