import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadReach } from './lead.reach.js';

/** By name, company and subject, and by the whole of an address or a number. */
@Injectable()
@Provides(SearchablePort)
export class SearchableLeads implements Searchable {
  readonly tells = { title: ['name'], subtitle: ['company'], body: ['subject', 'email', 'phone'] };

  constructor(readonly records: LeadReach) {}
}
