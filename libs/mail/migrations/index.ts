import { Mail1763700600000 } from './1763700600000-mail.js';
import { MailboxTeams1763701000000 } from './1763701000000-mailbox-teams.js';

export const mailMigrations = [Mail1763700600000, MailboxTeams1763701000000];
