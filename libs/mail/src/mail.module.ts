import { Module } from '@nestjs/common';
import { MailFacade } from './mail.facade.js';
import { MailWorker } from './mail.worker.js';
import { MailboxesController } from './mailboxes/mailboxes.controller.js';
import { MailboxesQueries } from './mailboxes/mailboxes.queries.js';
import { MailboxesService } from './mailboxes/mailboxes.service.js';
import { MailFiles } from './messages/mail-files.service.js';
import { MailIntake } from './messages/mail-intake.service.js';
import { MailReading } from './messages/mail-reading.service.js';
import { MailRouting } from './messages/mail-routing.service.js';
import { MailReach } from './messages/mail.reach.js';
import { MailsController } from './messages/mails.controller.js';
import { MailsQueries } from './messages/mails.queries.js';
import { MailSecrets } from './threads/mail-secrets.js';
import { Threads } from './threads/threads.service.js';

@Module({
  providers: [MailFacade, MailIntake, MailReach, MailboxesQueries, MailboxesService, MailSecrets, Threads],
  exports: [MailFacade, MailIntake, MailReach, MailboxesQueries, MailboxesService, MailSecrets, Threads],
})
export class MailModule {}

@Module({
  imports: [MailModule],
  providers: [MailFiles, MailsQueries],
  controllers: [MailboxesController, MailsController],
})
export class MailApiModule {}

@Module({ imports: [MailModule], providers: [MailReading, MailRouting, MailWorker] })
export class MailWorkerModule {}
