import { AuditSeals1763700200000 } from './1763700200000-audit-seals.js';

export const auditMigrations = [AuditSeals1763700200000];
