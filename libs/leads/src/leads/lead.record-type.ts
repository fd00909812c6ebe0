import { Provides, type RecordType, RecordTypePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadPermissions } from './lead.policy.js';
import { LeadReach } from './lead.reach.js';

/** Notes and the like hang on leads, and are told in the timeline of whom a lead became. */
@Injectable()
@Provides(RecordTypePort)
export class LeadRecordType implements RecordType {
  readonly name = 'lead';
  readonly change = LeadPermissions.update;
  readonly customerId = 'l.customer_id';
  readonly label = "'lead ' || l.id";

  constructor(readonly records: LeadReach) {}
}
