import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What is known of an inquiry, and may be kept from a role. */
@Injectable()
@Provides(RecordFieldsPort)
export class InquiryRecordFields implements RecordFields {
  readonly kind = 'inquiries';
  readonly fields = {
    subject: { about: 'What it is about' },
    message: { about: 'What was written, in it and in its conversation' },
    category: { about: 'Its category' },
    priority: { about: 'How urgent it is' },
    channel: { about: 'How it came' },
    holdReason: { about: 'What it waits for' },
  };
}
