import { Module } from '@nestjs/common';
import { CompletenessWatch } from './imap/completeness-watch.js';
import { ImapClient } from './imap/imap-client.js';
import { ImapController } from './imap/imap.controller.js';
import { ImapLedger } from './imap/imap-ledger.js';
import { ImapPoll } from './imap/imap-poll.service.js';
import { ImapPoller } from './imap/imap-poller.js';
import { ImapPolls } from './imap/imap-polls.js';
import { ImapQueries } from './imap/imap.queries.js';
import { ImapReader } from './imap/imap-reader.js';
import { ImapSources } from './imap/imap-sources.service.js';
import { MailFacade } from './mail.facade.js';
import { MailWorker } from './mail.worker.js';
import { MailboxesController } from './mailboxes/mailboxes.controller.js';
import { MailboxesQueries } from './mailboxes/mailboxes.queries.js';
import { MailboxesService } from './mailboxes/mailboxes.service.js';
import { HiddenAttachments, HiddenMails } from './messages/hidden-mails.js';
import { MailBytes } from './messages/mail-bytes.js';
import { MailFiles } from './messages/mail-files.service.js';
import { MailIntake } from './messages/mail-intake.service.js';
import { MailSources, MailSourcesWorker } from './messages/mail-sources.retention.js';
import { MailReading } from './messages/mail-reading.service.js';
import { MailRouting } from './messages/mail-routing.service.js';
import { MailReach } from './messages/mail.reach.js';
import { MailsController } from './messages/mails.controller.js';
import { MailsQueries } from './messages/mails.queries.js';
import { MailsOfCustomers } from './messages/mails.customer-records.js';
import { IgnoredSendersController } from './senders/ignored-senders.controller.js';
import { IgnoredSendersQueries } from './senders/ignored-senders.queries.js';
import { IgnoredSenders } from './senders/ignored-senders.service.js';
import { MailSecrets } from './threads/mail-secrets.js';
import { Threads } from './threads/threads.service.js';

const SHARED = [
  IgnoredSenders,
  HiddenAttachments,
  HiddenMails,
  MailBytes,
  MailFacade,
  MailIntake,
  MailReach,
  MailSources,
  MailboxesQueries,
  MailboxesService,
  MailSecrets,
  MailsOfCustomers,
  Threads,
  ImapQueries,
  ImapSources,
];
const POLLING = [CompletenessWatch, ImapClient, ImapLedger, ImapPoll, ImapPoller, ImapPolls, ImapReader];

@Module({
  providers: SHARED,
  exports: SHARED,
})
export class MailModule {}

@Module({
  imports: [MailModule],
  providers: [IgnoredSendersQueries, MailFiles, MailsQueries],
  controllers: [MailboxesController, ImapController, IgnoredSendersController, MailsController],
})
export class MailApiModule {}

@Module({ imports: [MailModule], providers: [MailReading, MailRouting, MailSourcesWorker, MailWorker, ...POLLING] })
export class MailWorkerModule {}
