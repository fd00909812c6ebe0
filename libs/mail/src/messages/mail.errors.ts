import { Conflict, Invalid, Unsupported } from '@app/kernel';

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

/** A mail belongs to one inquiry or one lead, for good. */
export class MailAttributed extends Conflict {
  constructor(mailId: string, { inquiryId, leadId }: { inquiryId: string | null; leadId: string | null }) {
    super('mail_attributed', 'The mail belongs to another inquiry or lead already', { mailId, inquiryId, leadId });
  }
}
