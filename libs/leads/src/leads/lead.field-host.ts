import { type FieldHost, FieldHostPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadReach } from './lead.reach.js';
import { LeadList } from './leads.list.js';

/** Companies keep of leads what they want to. */
@Injectable()
@Provides(FieldHostPort)
export class LeadFieldHost implements FieldHost {
  readonly list = LeadList;

  constructor(readonly records: LeadReach) {}
}
