import { Customers1763700400000 } from './1763700400000-customers.js';
import { CustomersOfTheActive1764001510000 } from './1764001510000-customers-of-the-active.js';

export const customersMigrations = [Customers1763700400000, CustomersOfTheActive1764001510000];
