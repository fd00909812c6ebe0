import { Mail1763700600000 } from './1763700600000-mail.js';
import { MailboxTeams1763701000000 } from './1763701000000-mailbox-teams.js';
import { ImapSources1764001400000 } from './1764001400000-imap-sources.js';
import { SignedReplyAddresses1764001420000 } from './1764001420000-signed-reply-addresses.js';
import { MailboxStats1764001600020 } from './1764001600020-mailbox-stats.js';
import { HeldTenantsAreNotPolled1764001700000 } from './1764001700000-held-tenants-are-not-polled.js';
import { MailsOfLeads1764002180020 } from './1764002180020-mails-of-leads.js';
import { MailSources1764002222000 } from './1764002222000-mail-sources.js';
import { MailboxVisibility1764002230000 } from './1764002230000-mailbox-visibility.js';
import { SideMails1764002260000 } from './1764002260000-side-mails.js';

export const mailMigrations = [
  Mail1763700600000,
  MailboxTeams1763701000000,
  ImapSources1764001400000,
  SignedReplyAddresses1764001420000,
  MailboxStats1764001600020,
  HeldTenantsAreNotPolled1764001700000,
  MailsOfLeads1764002180020,
  MailSources1764002222000,
  MailboxVisibility1764002230000,
  SideMails1764002260000,
];
