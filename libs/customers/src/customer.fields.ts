import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What the company knows of a customer, and may keep from a role. */
@Injectable()
@Provides(RecordFieldsPort)
export class CustomerRecordFields implements RecordFields {
  readonly kind = 'customers';
  readonly fields = {
    firstName: { about: 'The first name', also: ['name'] },
    lastName: { about: 'The last name', also: ['name'] },
    email: { about: 'The primary e-mail address', also: ['contactPoints'] },
    phone: { about: 'The primary number', also: ['contactPoints'] },
    company: { about: 'The company, as the customer gave it' },
    birthday: { about: 'The birthday', also: ['birthdayMonth', 'birthdayDay'] },
    timeZone: { about: 'Where the customer lives, as a time zone' },
    language: { about: 'The language the customer speaks' },
    preferredChannel: { about: 'How the customer wants to be spoken to' },
    quietHours: { about: 'When the customer does not want to be spoken to' },
    level: { about: 'How valuable the customer is' },
    metadata: { about: 'Whatever else is known' },
    source: { about: 'Where the record came from' },
    referredBy: { about: 'The customer who brought this one' },
  };
}
