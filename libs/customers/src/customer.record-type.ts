import { Provides, type RecordType, RecordTypePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';

/** Notes and the like hang on customers. */
@Injectable()
@Provides(RecordTypePort)
export class CustomerRecordType implements RecordType {
  readonly name = 'customer';
  readonly change = CustomerPermissions.update;
  readonly customerId = 'c.id';
  readonly label = "'customer ' || c.id";

  constructor(readonly records: CustomerReach) {}
}
