import type { PayloadOf } from '@app/kernel';
import { MailRouted } from '@app/mail/events';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SideAnswers } from '../side-conversations/side-answers.service.js';
import { IntakeService } from './intake.service.js';

@Injectable()
export class InquiryIntakeWorker {
  constructor(
    private readonly intake: IntakeService,
    private readonly sides: SideAnswers,
  ) {}

  @On(MailRouted)
  takeMail({ mailId, decision, inquiryId, sideConversationId }: PayloadOf<typeof MailRouted>): Promise<void> {
    if (!sideConversationId) return this.intake.take({ mailId, decision, inquiryId });
    return this.sides.take({ mailId, sideConversationId, isAutomatic: decision === 'ignored' });
  }
}
