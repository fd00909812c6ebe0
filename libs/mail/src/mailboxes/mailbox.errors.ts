import { Conflict, Invalid, RuleBroken } from '@app/kernel';

export class MailboxAddressInvalid extends Invalid {
  constructor() {
    super('mailbox_address_invalid', 'The address of a mailbox must be one that SMTP can carry', {
      errors: [{ pointer: '/address', code: 'is_email', message: 'must be an e-mail address' }],
    });
  }
}

export class MailboxAddressTaken extends Conflict {
  constructor(address: string) {
    super('mailbox_address_taken', `There is a mailbox ${address} already`, { address });
  }
}

export class MailboxTeamUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no team with this id';
    super('team_unknown', message, { errors: [{ pointer: '/teamId', code: 'team_unknown', message }] });
  }
}

/** Two requests made different mailboxes the default at the same time. */
export class DefaultMailboxContended extends Conflict {
  constructor() {
    super('default_mailbox_contended', 'Another mailbox has just become the default; try again');
  }
}

export class MailboxInTrash extends Conflict {
  constructor(id: string) {
    super('mailbox_in_trash', 'The mailbox is in the trash: restore it first', { id });
  }
}
