import { TeamDeleted } from '@app/auth/events';
import { type Delivery, Handles, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailboxesService } from './mailboxes/mailboxes.service.js';
import { MailReading } from './messages/mail-reading.service.js';
import { ParseMail } from './messages/mail.jobs.js';

@Injectable()
export class MailWorker {
  constructor(
    private readonly reading: MailReading,
    private readonly mailboxes: MailboxesService,
  ) {}

  @Handles(ParseMail)
  parse({ mailId }: { mailId: string }, { attempt }: Delivery): Promise<void> {
    return this.reading.read(mailId, attempt);
  }

  @On(TeamDeleted)
  leaveTeam({ teamId }: { teamId: string }): Promise<void> {
    return this.mailboxes.leaveTeam(teamId);
  }
}
