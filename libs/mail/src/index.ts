import { defineContext } from '@app/platform';
import { mailMigrations } from '../migrations/index.js';
import { ImapSource } from './imap/imap-source.entity.js';
import { MailApiModule, MailWorkerModule } from './mail.module.js';
import { Mailbox } from './mailboxes/mailbox.entity.js';
import { MailboxPermissions } from './mailboxes/mailbox.policy.js';
import { Mail } from './messages/mail.entity.js';
import { IgnoredSender } from './senders/ignored-sender.entity.js';
import { MailPermissions } from './messages/mail.policy.js';

export { MailFacade, type RoutedMail } from './mail.facade.js';
export { MailModule } from './mail.module.js';
export { MailboxPermissions, VISIBILITIES, type Visibility } from './mailboxes/mailbox.policy.js';
export { MailboxesService, type NewMailbox } from './mailboxes/mailboxes.service.js';
export { MailIntake } from './messages/mail-intake.service.js';
export { MailAttributed } from './messages/mail.errors.js';
export { MailPermissions } from './messages/mail.policy.js';
export { type Mailbox as MailAddress, normaliseEmail } from './parsing/index.js';
export { mintMessageId, type ReplyHeaders, replyHeaders } from './threading/index.js';

export const mailContext = defineContext({
  name: 'mail',
  version: '1.0.0',
  description: 'Incoming mail: mailboxes, raw sources, what was read of them, and where each belongs.',
  uses: [],
  api: MailApiModule,
  worker: MailWorkerModule,
  entities: [Mailbox, Mail, ImapSource, IgnoredSender],
  migrations: mailMigrations,
  keptBack: ['imap_sources.password'],
  permissions: [MailPermissions, MailboxPermissions],
});
