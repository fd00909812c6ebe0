import { Conflict, Forbidden, Invalid, NotFound, Unsupported } from '@app/kernel';

export class NotARawMail extends Unsupported {
  constructor() {
    super('raw_mail_expected', 'Send the mail as it is, with Content-Type: message/rfc822');
  }
}

export class MailEmpty extends Invalid {
  constructor() {
    super('mail_empty', 'The body holds no mail');
  }
}

export class UnknownMailbox extends Invalid {
  constructor(address: string) {
    super('unknown_mailbox', `There is no mailbox ${address}`, {
      errors: [{ pointer: 'query/mailbox', code: 'unknown_mailbox', message: 'is no mailbox of this tenant' }],
    });
  }
}

/** The tenant keeps raw sources for some time only: what was read of the mail is all that there is. */
export class SourceDeleted extends NotFound {
  constructor(mailId: string, deletedAt: Date) {
    super('source_deleted', 'The raw source of this mail is kept no longer', { mailId, deletedAt });
  }
}

/** That there is such a mail is no secret; what it says is. */
export class MailHidden extends Forbidden {
  constructor(mailId: string) {
    super('mail_hidden', 'What this mail says is for those who take part in it', { mailId });
  }
}

/** A mail belongs to one inquiry or one lead, for good. */
export class MailAttributed extends Conflict {
  constructor(mailId: string, { inquiryId, leadId }: { inquiryId: string | null; leadId: string | null }) {
    super('mail_attributed', 'The mail belongs to another inquiry or lead already', { mailId, inquiryId, leadId });
  }
}
