import { LeadCleanups1764002180010 } from './1764002180010-lead-cleanups.js';
import { Leads1764002180000 } from './1764002180000-leads.js';

export const leadsMigrations = [Leads1764002180000, LeadCleanups1764002180010];
