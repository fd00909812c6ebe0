import { PlatformFoundation1763700000000 } from './1763700000000-platform-foundation.js';

export const platformMigrations = [PlatformFoundation1763700000000];
