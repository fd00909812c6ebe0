import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What is known of a lead, and may be kept from a role. */
@Injectable()
@Provides(RecordFieldsPort)
export class LeadRecordFields implements RecordFields {
  readonly kind = 'leads';
  readonly fields = {
    name: { about: 'The name' },
    email: { about: 'The e-mail address' },
    phone: { about: 'The number' },
    company: { about: 'The company' },
    subject: { about: 'What it is about' },
    message: { about: 'What was written' },
    source: { about: 'Where it came from' },
    utm: { about: 'By which advertisement it came', also: ['utmSource', 'utmCampaign'] },
    reason: { about: 'Why nothing will come of it' },
    nextAction: { about: 'What is to be done next', also: ['nextActionAt'] },
  };
}
