import { Deals1764002000000 } from './1764002000000-deals.js';
import { DealItems1764002011000 } from './1764002011000-deal-items.js';

export const dealsMigrations = [Deals1764002000000, DealItems1764002011000];
