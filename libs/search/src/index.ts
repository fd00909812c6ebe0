import { defineContext } from '@app/platform';
import { searchMigrations } from '../migrations/index.js';
import { SearchApiModule } from './search.module.js';

export const searchContext = defineContext({
  name: 'search',
  version: '1.0.0',
  description: 'Everything that somebody may see, by its words, its number or an address.',
  uses: ['auth'],
  api: SearchApiModule,
  entities: [],
  migrations: searchMigrations,
  permissions: [],
});
