import { Deals1764002000000 } from './1764002000000-deals.js';
import { DealsFollowMerges1764002070000 } from './1764002070000-deals-follow-merges.js';
import { DealItems1764002011000 } from './1764002011000-deal-items.js';
import { DealFields1764002090020 } from './1764002090020-deal-fields.js';

export const dealsMigrations = [
  Deals1764002000000,
  DealItems1764002011000,
  DealsFollowMerges1764002070000,
  DealFields1764002090020,
];
