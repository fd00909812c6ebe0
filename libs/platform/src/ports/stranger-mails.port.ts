import { definePort } from './port.js';

/**
 * Who takes the mail of a stranger in place of an inquiry. Asked in the transaction that would begin the inquiry, of a mail
 * that belongs to none: there one decides, once, and what it decided is a row of that transaction.
 */
export interface StrangerMails {
  /** Whether the mail is its own, from now on or since it was told of it before. */
  take(mailId: string): Promise<boolean>;
}

export const StrangerMailsPort = definePort<StrangerMails>('stranger-mails');
