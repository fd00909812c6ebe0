import { defineContext } from '@app/platform';
import { leadsMigrations } from '../migrations/index.js';
import { Lead } from './leads/lead.entity.js';
import { LeadPermissions } from './leads/lead.policy.js';
import { LeadsApiModule, LeadsWorkerModule } from './leads.module.js';

export { LeadPermissions } from './leads/lead.policy.js';

export const leadsContext = defineContext({
  name: 'leads',
  version: '1.0.0',
  description: 'Who may want to buy something: leads, what becomes of them, and which of them are one person.',
  uses: ['auth', 'customers', 'deals', 'inquiries', 'mail', 'records'],
  api: LeadsApiModule,
  worker: LeadsWorkerModule,
  entities: [Lead],
  migrations: leadsMigrations,
  permissions: [LeadPermissions],
});
