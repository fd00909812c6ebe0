import { defineContext } from '@app/platform';
import { customersMigrations } from '../migrations/index.js';
import { CompanyContact } from './companies/company-contact.entity.js';
import { Company } from './companies/company.entity.js';
import { CompanyPermissions } from './companies/company.policy.js';
import { Consent } from './consents/consent.entity.js';
import { Customer } from './customer.entity.js';
import { CustomerPermissions } from './customer.policy.js';
import { Duplicate } from './duplicates/duplicate.entity.js';
import { DuplicateRules } from './duplicates/duplicate-rules.entity.js';
import { DuplicateScan } from './duplicates/duplicate-scan.entity.js';
import { Merge } from './merging/merge.entity.js';
import { StatusRequirements } from './requirements/status-requirements.entity.js';
import { CustomersApiModule, CustomersWorkerModule } from './customers.module.js';

export { CUSTOMER_LEVELS, CUSTOMER_STATUSES, CustomerPermissions } from './customer.policy.js';
export { type CustomerCard, CustomersFacade } from './customers.facade.js';
export { IsDialingCountry, IsEmailAddress, IsPhone } from './contact-points/contact-point.validators.js';
export { normaliseEmail } from './contact-points/email-address.js';
export { normalisePhone } from './contact-points/phone-number.js';
export { CompanyPermissions } from './companies/company.policy.js';
export { CustomerLookups, type Led } from './customer-lookups.js';
export { AudienceList } from './customers.audience.js';
export { EmailTaken } from './customer.errors.js';
export { ProspectsFacade } from './prospects.facade.js';
export { CustomersModule } from './customers.module.js';
export type { Stranger } from './stranger.js';

export const customersContext = defineContext({
  name: 'customers',
  version: '1.0.0',
  description: 'The people the company works for: who they are, how to reach them, what they agreed to.',
  uses: ['auth', 'records'],
  api: CustomersApiModule,
  worker: CustomersWorkerModule,
  entities: [
    Customer,
    Consent,
    Company,
    CompanyContact,
    Duplicate,
    DuplicateRules,
    DuplicateScan,
    Merge,
    StatusRequirements,
  ],
  migrations: customersMigrations,
  permissions: [CustomerPermissions, CompanyPermissions],
});
