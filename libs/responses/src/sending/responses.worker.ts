import type { PayloadOf } from '@app/kernel';
import { MessageFailed, MessageSent, MessageSuppressed, MessageUnknown } from '@app/messaging/events';
import { Handles, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { APPROVAL_SUBJECT } from '../responses/response-approval.js';
import { OutcomesService } from './outcomes.service.js';
import { SendResponse } from './sending.jobs.js';
import { SendingService } from './sending.service.js';

@Injectable()
export class ResponsesWorker {
  constructor(
    private readonly sending: SendingService,
    private readonly outcomes: OutcomesService,
  ) {}

  @Handles(SendResponse)
  async send({ responseId, revision, sendAt }: PayloadOf<typeof SendResponse>): Promise<void> {
    await this.sending.sendDue(responseId, revision, sendAt);
  }

  @On(MessageSent)
  async concludeSent({ about, smtpMessageId, sentAt }: PayloadOf<typeof MessageSent>): Promise<void> {
    if (about.kind === APPROVAL_SUBJECT) await this.outcomes.sent(about, smtpMessageId, new Date(sentAt));
  }

  @On(MessageFailed)
  async concludeFailed({ about, reason }: PayloadOf<typeof MessageFailed>): Promise<void> {
    if (about.kind === APPROVAL_SUBJECT) await this.outcomes.failed(about, reason);
  }

  @On(MessageSuppressed)
  async concludeSuppressed({ about }: PayloadOf<typeof MessageSuppressed>): Promise<void> {
    if (about.kind === APPROVAL_SUBJECT)
      await this.outcomes.failed(about, "The customer's address is on the suppression list");
  }

  @On(MessageUnknown)
  async doubt({ about, reason }: PayloadOf<typeof MessageUnknown>): Promise<void> {
    if (about.kind === APPROVAL_SUBJECT) await this.outcomes.unknown(about, reason);
  }
}
