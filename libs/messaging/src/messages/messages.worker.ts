import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deliver, SettleLease } from './messages.jobs.js';
import { MessageSender } from './messages.sender.js';

@Injectable()
export class MessagesWorker {
  constructor(private readonly sender: MessageSender) {}

  @Handles(Deliver, { mode: 'effect', timeoutSeconds: 120 })
  deliver({ messageId, due }: { messageId: string; due: string }): Promise<void> {
    return this.sender.deliver(messageId, due);
  }

  @Handles(SettleLease)
  settleLease({ messageId, fence }: { messageId: string; fence: string }): Promise<void> {
    return this.sender.settleLease(messageId, fence);
  }
}
