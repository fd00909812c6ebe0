import { Customers1763700400000 } from './1763700400000-customers.js';
import { CustomersOfTheActive1764001510000 } from './1764001510000-customers-of-the-active.js';
import { WhatHangsOnCustomers1764002041000 } from './1764002041000-what-hangs-on-customers.js';

export const customersMigrations = [
  Customers1763700400000,
  CustomersOfTheActive1764001510000,
  WhatHangsOnCustomers1764002041000,
];
