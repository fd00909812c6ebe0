import { defineContext } from '@app/platform';
import { auditMigrations } from '../migrations/index.js';
import { AuditApiModule, AuditWorkerModule } from './audit.module.js';
import { AuditPermissions } from './audit.policy.js';

export { AuditFacade } from './audit.facade.js';
export { AuditModule } from './audit.module.js';
export { AuditPermissions } from './audit.policy.js';
export type { Fault, FaultKind, Verification } from './verification/verification.js';
export { AuditVerification, type TenantVerification } from './verification/verification.service.js';

export const auditContext = defineContext({
  name: 'audit',
  version: '1.0.0',
  description: 'The audit trail: reading it, sealing it in a hash chain, and proving that nobody has changed it.',
  uses: ['auth'],
  api: AuditApiModule,
  worker: AuditWorkerModule,
  entities: [],
  migrations: auditMigrations,
  permissions: [AuditPermissions],
});
