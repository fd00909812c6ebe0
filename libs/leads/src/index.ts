import { defineContext } from '@app/platform';
import { leadsMigrations } from '../migrations/index.js';
import { LeadCleanup } from './cleanup/lead-cleanup.entity.js';
import { LeadMessage } from './conversation/lead-message.entity.js';
import { Lead } from './leads/lead.entity.js';
import { LeadPermissions } from './leads/lead.policy.js';
import { LeadsApiModule, LeadsWorkerModule } from './leads.module.js';
import { LeadMerge } from './merging/lead-merge.entity.js';
import { LeadSettings } from './settings/lead-settings.entity.js';

export { LeadPermissions } from './leads/lead.policy.js';

export const leadsContext = defineContext({
  name: 'leads',
  version: '1.0.0',
  description: 'Who may want to buy something: leads, what becomes of them, and which of them are one person.',
  uses: ['auth', 'customers', 'deals', 'inquiries', 'mail', 'records'],
  api: LeadsApiModule,
  worker: LeadsWorkerModule,
  entities: [Lead, LeadMessage, LeadMerge, LeadCleanup, LeadSettings],
  migrations: leadsMigrations,
  permissions: [LeadPermissions],
});
