import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What is known of a company, and may be kept from a role. */
@Injectable()
@Provides(RecordFieldsPort)
export class CompanyRecordFields implements RecordFields {
  readonly kind = 'companies';
  readonly fields = {
    name: { about: 'The name' },
    domain: { about: 'The domain in the public DNS' },
  };
}
