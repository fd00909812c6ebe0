import { type FieldHost, FieldHostPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryList } from './inquiries.list.js';
import { InquiryReach } from './inquiry.reach.js';

/** Companies keep of inquiries what they want to. */
@Injectable()
@Provides(FieldHostPort)
export class InquiryFieldHost implements FieldHost {
  readonly list = InquiryList;

  constructor(readonly records: InquiryReach) {}
}
