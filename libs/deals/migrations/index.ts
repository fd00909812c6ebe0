import { Deals1764002000000 } from './1764002000000-deals.js';

export const dealsMigrations = [Deals1764002000000];
