import { definePort } from './port.js';

export type StrangerMail = {
  readonly id: string;
  readonly mailboxId: string | null;
  /** The lead that it belongs to already. */
  readonly leadId: string | null;
};

/**
 * Who takes the mail of a stranger in place of an inquiry. Asked in the transaction that would begin the inquiry, of a mail
 * that belongs to none: there one decides, once, and what it decided is a row of that transaction.
 */
export interface StrangerMails {
  /** Whether the mail is its own, from now on or since it was told of it before. */
  take(mail: StrangerMail): Promise<boolean>;
}

export const StrangerMailsPort = definePort<StrangerMails>('stranger-mails');
