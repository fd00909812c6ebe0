import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What is known of a task, and may be kept from a role. */
@Injectable()
@Provides(RecordFieldsPort)
export class TaskRecordFields implements RecordFields {
  readonly kind = 'tasks';
  readonly fields = {
    title: { about: 'What is to be done' },
    description: { about: 'The same at length' },
    blockedBecause: { about: 'What blocks it' },
    priority: { about: 'How urgent it is' },
    dueAt: { about: 'When it is due', also: ['dueOn'] },
    checklist: { about: 'Its steps' },
    links: { about: 'The records it is about' },
  };
}
