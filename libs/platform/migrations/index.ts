import { PlatformFoundation1763700000000 } from './1763700000000-platform-foundation.js';
import { DueByIndex1764001260000 } from './1764001260000-due-by-index.js';

export const platformMigrations = [PlatformFoundation1763700000000, DueByIndex1764001260000];
