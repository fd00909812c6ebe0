import { Catalog1764002010000 } from './1764002010000-catalog.js';

export const catalogMigrations = [Catalog1764002010000];
