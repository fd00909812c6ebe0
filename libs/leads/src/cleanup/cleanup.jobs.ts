import { defineJob, defineSchedule, type Occasion, TENANTS_ZONE } from '@app/platform';

export const CleanUpLeads = defineJob<Occasion>(
  'leads.clean-up',
  'Merge the leads that are one person, where the tenant wants that every night.',
);
/** While nobody works on them. */
defineSchedule(CleanUpLeads, '20 3 * * *', TENANTS_ZONE);
