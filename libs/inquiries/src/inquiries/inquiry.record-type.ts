import { Provides, type RecordType, RecordTypePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { INQUIRY_COLUMNS } from './inquiries.list.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { InquiryReach } from './inquiry.reach.js';

/** Notes and the like hang on inquiries. */
@Injectable()
@Provides(RecordTypePort)
export class InquiryRecordType implements RecordType {
  readonly name = 'inquiry';
  readonly change = InquiryPermissions.update;
  readonly customerId = 'i.customer_id';
  readonly label = INQUIRY_COLUMNS.reference;

  constructor(readonly records: InquiryReach) {}
}
