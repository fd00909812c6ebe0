import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadReach } from './lead.reach.js';

/** By name, company and subject, and by the whole of an address or a number. */
@Injectable()
@Provides(SearchablePort)
export class SearchableLeads implements Searchable {
  constructor(readonly records: LeadReach) {}
}
