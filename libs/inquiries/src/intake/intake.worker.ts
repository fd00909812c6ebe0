import { MailRouted } from '@app/mail/events';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { IntakeService, type Routed } from './intake.service.js';

@Injectable()
export class InquiryIntakeWorker {
  constructor(private readonly intake: IntakeService) {}

  @On(MailRouted)
  takeMail(routed: Routed): Promise<void> {
    return this.intake.take(routed);
  }
}
