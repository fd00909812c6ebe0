import { type FieldHost, FieldHostPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealReach } from './deal.reach.js';
import { DealList } from './deals.list.js';

/** Companies keep of deals what they want to. */
@Injectable()
@Provides(FieldHostPort)
export class DealFieldHost implements FieldHost {
  readonly list = DealList;

  constructor(readonly records: DealReach) {}
}
