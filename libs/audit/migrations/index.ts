import { AuditSeals1763700200000 } from './1763700200000-audit-seals.js';
import { AuditHeldBack1764001580000 } from './1764001580000-audit-held-back.js';
import { AuditImpersonators1764002162000 } from './1764002162000-audit-impersonators.js';

export const auditMigrations = [AuditSeals1763700200000, AuditHeldBack1764001580000, AuditImpersonators1764002162000];
