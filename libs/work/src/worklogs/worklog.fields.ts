import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What is known of work that was done, and may be kept from a role. */
@Injectable()
@Provides(RecordFieldsPort)
export class WorklogRecordFields implements RecordFields {
  readonly kind = 'worklogs';
  readonly fields = {
    description: { about: 'What was done' },
    minutes: { about: 'How long it took', also: ['startedAt', 'endedAt'] },
    isBillable: { about: 'Whether the customer pays for it' },
    rate: { about: 'What an hour of it costs' },
  };
}
