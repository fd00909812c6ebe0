import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealReach } from './deal.reach.js';

/** By name. */
@Injectable()
@Provides(SearchablePort)
export class SearchableDeals implements Searchable {
  constructor(readonly records: DealReach) {}
}
