import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealReach } from './deal.reach.js';

/** By name. */
@Injectable()
@Provides(SearchablePort)
export class SearchableDeals implements Searchable {
  readonly tells = { title: ['name'] };

  constructor(readonly records: DealReach) {}
}
