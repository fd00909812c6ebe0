import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryReach } from './inquiry.reach.js';

/** By reference, subject and first message. */
@Injectable()
@Provides(SearchablePort)
export class SearchableInquiries implements Searchable {
  readonly tells = { title: ['subject'], body: ['message'] };

  constructor(readonly records: InquiryReach) {}
}
