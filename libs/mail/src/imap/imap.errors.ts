import { Conflict, Invalid, NotFound, RuleBroken } from '@app/kernel';

/** Why a poll failed. `too_much`: the server announced or sent more than any mail may have. `interrupted`: it broke off on our side. */
export type ImapFaultCode =
  | 'unreachable'
  | 'timed_out'
  | 'tls_failed'
  | 'authentication_failed'
  | 'folder_missing'
  | 'disconnected'
  | 'too_much'
  | 'protocol_violated'
  | 'password_unreadable'
  | 'private_address'
  | 'interrupted';

/** A poll that failed by the other server's doing. No refusal: nobody waits for its answer. */
export class ImapFault extends Error {
  constructor(
    readonly code: ImapFaultCode,
    message: string,
  ) {
    super(message);
    this.name = 'ImapFault';
  }
}

export class ImapNotConfigured extends NotFound {
  constructor(id: string) {
    super('imap_not_configured', 'The mailbox is not polled: it has no IMAP settings', { id });
  }
}

/** Whoever may change the server must not be able to have the stored password sent to one of their own. */
export class ImapPasswordNeeded extends RuleBroken {
  constructor() {
    const message = 'is needed with new settings, and whenever the server, the port, the security or the user changes';
    super('imap_password_needed', `The password ${message}`, {
      errors: [{ pointer: '/password', code: 'imap_password_needed', message }],
    });
  }
}

export class ImapPlainRefused extends Invalid {
  constructor() {
    const message = 'sends the password in the clear, which production refuses';
    super('imap_plain_refused', `The security "none" ${message}`, {
      errors: [{ pointer: '/security', code: 'imap_plain_refused', message }],
    });
  }
}

/** Two requests gave a mailbox its first settings at the same time. */
export class ImapContended extends Conflict {
  constructor() {
    super('imap_contended', 'The mailbox has just been given other IMAP settings; look at them first');
  }
}
