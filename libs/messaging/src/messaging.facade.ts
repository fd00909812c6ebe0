import { Injectable } from '@nestjs/common';
import { MessagesService } from './messages/messages.service.js';
import type { OutgoingMail } from './messages/outgoing-mail.js';
import { type Suppress, SuppressionsService } from './suppressions/suppressions.service.js';

/** What other contexts ask of messaging. */
@Injectable()
export class Messaging {
  constructor(
    private readonly messages: MessagesService,
    private readonly suppressions: SuppressionsService,
  ) {}

  /**
   * Leaves a mail to be sent, in the open transaction or in its own. The same `about` with the same Message-ID again
   * changes nothing and answers the first one. What became of it is told by MessageSent, MessageFailed, MessageUnknown
   * or MessageSuppressed.
   * @throws InvalidMail, MessageIdTaken
   */
  send(mail: OutgoingMail): Promise<{ id: string; messageId: string }> {
    return this.messages.queue(mail);
  }

  /** Only while it is queued. @throws InvalidTransition, RecordNotFound */
  cancel(id: string): Promise<void> {
    return this.messages.cancel(id);
  }

  /** Tries a failed, suppressed or unknown message again, under its own Message-ID. @throws InvalidTransition, RecordNotFound */
  retry(id: string): Promise<void> {
    return this.messages.retry(id);
  }

  /** Puts an address on the suppression list; once there, again changes nothing. */
  suppress(suppress: Suppress): Promise<void> {
    return this.suppressions.suppress(suppress);
  }
}
