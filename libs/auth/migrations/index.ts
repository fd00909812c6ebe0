import { AuthFoundation1763700100000 } from './1763700100000-auth-foundation.js';

export const authMigrations = [AuthFoundation1763700100000];
