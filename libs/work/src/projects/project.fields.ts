import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What is known of a project, and may be kept from a role. */
@Injectable()
@Provides(RecordFieldsPort)
export class ProjectRecordFields implements RecordFields {
  readonly kind = 'projects';
  readonly fields = {
    name: { about: 'What it is called' },
    description: { about: 'What it is about' },
    budget: { about: 'What it may cost' },
    budgetMinutes: { about: 'How long it may take' },
    rate: { about: 'What an hour of it costs' },
    startsOn: { about: 'When it begins' },
    dueOn: { about: 'When it is due' },
    milestones: { about: 'Its milestones' },
    loggedMinutes: { about: 'How long was worked on it' },
  };
}
