import { Conflict, type FieldFault, RuleBroken } from '@app/kernel';

export class SideConversationClosed extends Conflict {
  constructor(id: string) {
    super('side_conversation_closed', 'The side conversation is closed; reopen it first', { id });
  }
}

const named = (at: readonly number[], code: string, message: string): { errors: FieldFault[] } => ({
  errors: at.map((n) => ({ pointer: `/recipients/${n}/address`, code, message })),
});

/** The customer is written to by a response, which is approved and counted. `at`: which of the recipients, from 0. */
export class RecipientIsCustomer extends RuleBroken {
  constructor(at: readonly number[]) {
    const message = 'is an address of the customer, who is written to by a response';
    const code = 'recipient_is_customer';
    super(code, 'A side conversation is with others than the customer', named(at, code, message));
  }
}

/** What we send to a mailbox of our own comes back as a mail of our own, and reaches nobody. */
export class RecipientIsMailbox extends RuleBroken {
  constructor(at: readonly number[]) {
    const message = 'is a mailbox of this tenant';
    const code = 'recipient_is_mailbox';
    super(code, 'A side conversation is with people, and not with our own mailboxes', named(at, code, message));
  }
}
