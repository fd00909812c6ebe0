import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerReach } from './customer.reach.js';

/** By name, company, address and number. */
@Injectable()
@Provides(SearchablePort)
export class SearchableCustomers implements Searchable {
  constructor(readonly records: CustomerReach) {}
}
