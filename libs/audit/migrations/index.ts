import { AuditSeals1763700200000 } from './1763700200000-audit-seals.js';
import { AuditHeldBack1764001580000 } from './1764001580000-audit-held-back.js';
import { AuditImpersonators1764002162000 } from './1764002162000-audit-impersonators.js';
import { AuditOfTheDeleted1764002270000 } from './1764002270000-audit-of-the-deleted.js';

export const auditMigrations = [
  AuditSeals1763700200000,
  AuditHeldBack1764001580000,
  AuditImpersonators1764002162000,
  AuditOfTheDeleted1764002270000,
];
