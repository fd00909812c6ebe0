import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerReach } from './customer.reach.js';

/** By name, company, address and number. */
@Injectable()
@Provides(SearchablePort)
export class SearchableCustomers implements Searchable {
  readonly tells = { title: ['firstName', 'lastName'], subtitle: ['company'], body: ['email', 'phone'] };

  constructor(readonly records: CustomerReach) {}
}
