import { Provides, type RecordFields, RecordFieldsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What is known of a deal, and may be kept from a role. Its stage says where it stands: that is no secret. */
@Injectable()
@Provides(RecordFieldsPort)
export class DealRecordFields implements RecordFields {
  readonly kind = 'deals';
  readonly fields = {
    name: { about: 'What it is about' },
    amount: { about: 'What it is worth, and what its lines and all sums of deals are' },
    discountPercent: { about: 'How much less its lines cost than without their discounts' },
    probability: { about: 'How likely it is won' },
    expectedCloseDate: { about: 'When it is expected to close' },
    lostReason: { about: 'Why it was lost' },
  };
}
