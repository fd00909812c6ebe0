import { PlatformFoundation1763700000000 } from './1763700000000-platform-foundation.js';
import { DueByIndex1763700000010 } from './1763700000010-due-by-index.js';
import { TenantHolds1764001530000 } from './1764001530000-tenant-holds.js';
import { Impersonators1764002161000 } from './1764002161000-impersonators.js';
import { SearchByStatement1764002220000 } from './1764002220000-search-by-statement.js';
import { SearchDocuments1764002080000 } from './1764002080000-search-documents.js';

export const platformMigrations = [
  PlatformFoundation1763700000000,
  DueByIndex1763700000010,
  TenantHolds1764001530000,
  SearchDocuments1764002080000,
  Impersonators1764002161000,
  SearchByStatement1764002220000,
];
