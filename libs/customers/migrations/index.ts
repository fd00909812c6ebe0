import { Customers1763700400000 } from './1763700400000-customers.js';

export const customersMigrations = [Customers1763700400000];
