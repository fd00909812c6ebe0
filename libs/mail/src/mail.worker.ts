import { type Delivery, Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailReading } from './messages/mail-reading.service.js';
import { ParseMail } from './messages/mail.jobs.js';

@Injectable()
export class MailWorker {
  constructor(private readonly reading: MailReading) {}

  @Handles(ParseMail)
  parse({ mailId }: { mailId: string }, { attempt }: Delivery): Promise<void> {
    return this.reading.read(mailId, attempt);
  }
}
