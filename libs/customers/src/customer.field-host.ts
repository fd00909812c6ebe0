import { type FieldHost, FieldHostPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerReach } from './customer.reach.js';
import { CustomerList } from './customers.list.js';

/** Companies keep of customers what they want to. */
@Injectable()
@Provides(FieldHostPort)
export class CustomerFieldHost implements FieldHost {
  readonly list = CustomerList;

  constructor(readonly records: CustomerReach) {}
}
