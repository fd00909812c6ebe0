import { ContactPointsByStatement1764002221000 } from './1764002221000-contact-points-by-statement.js';
import { Customers1763700400000 } from './1763700400000-customers.js';
import { CustomersOfTheActive1764001510000 } from './1764001510000-customers-of-the-active.js';
import { Companies1764002060000 } from './1764002060000-companies.js';
import { Referrals1764002061000 } from './1764002061000-referrals.js';
import { Duplicates1764002062000 } from './1764002062000-duplicates.js';
import { CustomerMerges1764002063000 } from './1764002063000-customer-merges.js';
import { WhatHangsOnCustomers1764002041000 } from './1764002041000-what-hangs-on-customers.js';
import { CustomersAreFound1764002081000 } from './1764002081000-customers-are-found.js';
import { CustomerFields1764002090010 } from './1764002090010-customer-fields.js';
import { LevelPins1764002170000 } from './1764002170000-level-pins.js';
import { StatusRequirements1764002170100 } from './1764002170100-status-requirements.js';
import { CompanyFields1764002210000 } from './1764002210000-company-fields.js';
import { Persons1764002150000 } from './1764002150000-persons.js';

export const customersMigrations = [
  Customers1763700400000,
  CustomersOfTheActive1764001510000,
  Companies1764002060000,
  Referrals1764002061000,
  Duplicates1764002062000,
  CustomerMerges1764002063000,
  WhatHangsOnCustomers1764002041000,
  CustomersAreFound1764002081000,
  CustomerFields1764002090010,
  Persons1764002150000,
  LevelPins1764002170000,
  StatusRequirements1764002170100,
  CompanyFields1764002210000,
  ContactPointsByStatement1764002221000,
];
