import type { PayloadOf } from '@app/kernel';
import { MailBounced } from '@app/mail/events';
import { MessageFailed, MessageSent, MessageSuppressed, MessageUnknown } from '@app/messaging/events';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SideAnswers } from './side-answers.service.js';
import { SIDE_SUBJECT } from './side-conversation.policy.js';

/** What became of the mails of side conversations, as messaging and other servers tell it. */
@Injectable()
export class SideDeliveriesWorker {
  constructor(private readonly answers: SideAnswers) {}

  @On(MessageSent)
  async noteSent({ about, refused }: PayloadOf<typeof MessageSent>): Promise<void> {
    const fault = refused.length ? `The mail server refused ${refused.join(', ')}` : null;
    if (about.kind === SIDE_SUBJECT) await this.answers.follow(about.id, 'sent', fault);
  }

  @On(MessageFailed)
  async noteFailed({ about, reason }: PayloadOf<typeof MessageFailed>): Promise<void> {
    if (about.kind === SIDE_SUBJECT) await this.answers.follow(about.id, 'failed', reason);
  }

  @On(MessageUnknown)
  async noteUnknown({ about, reason }: PayloadOf<typeof MessageUnknown>): Promise<void> {
    if (about.kind === SIDE_SUBJECT) await this.answers.follow(about.id, 'unknown', reason);
  }

  @On(MessageSuppressed)
  async noteSuppressed({ about, recipients }: PayloadOf<typeof MessageSuppressed>): Promise<void> {
    const fault = `On the suppression list: ${recipients.join(', ')}`;
    if (about.kind === SIDE_SUBJECT) await this.answers.follow(about.id, 'suppressed', fault);
  }

  @On(MailBounced)
  async noteBounced({ originalMessageId, recipient, diagnostic }: PayloadOf<typeof MailBounced>): Promise<void> {
    if (originalMessageId) await this.answers.bounce(originalMessageId, recipient, diagnostic);
  }
}
