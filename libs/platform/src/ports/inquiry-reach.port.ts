import type { Actor } from '@app/kernel';
import { definePort } from './port.js';

/**
 * What belongs to an inquiry is readable by whoever may read the inquiry: its mails and their attachments. The predicate is
 * SQL over `inquiryId` (a column written by the developer); values go into `params` as `$n`.
 */
export interface InquiryReach {
  predicate(inquiryId: string, actor: Actor, params: unknown[]): string;
  /** The same over `mailId`: a mail is readable also by whoever may read an inquiry that was made of it later. */
  ofMail(mailId: string, actor: Actor, params: unknown[]): string;
  /** The same over `sideConversationId`: what answers it is readable by whoever may read its inquiry. */
  ofSide(sideConversationId: string, actor: Actor, params: unknown[]): string;
  /** The same over `mailId`: whether its words are for the actor; null where the mail is no message of an inquiry, and
   * where it is one of a side conversation that is shown: there its mailboxes say so too. */
  shows(mailId: string, actor: Actor, params: unknown[]): string;
  /** Over `inquiryId`: all that was written with the inquiry is for the actor; so is what only refers to it so far. */
  showsWhole(inquiryId: string, actor: Actor, params: unknown[]): string;
}

export const InquiryReachPort = definePort<InquiryReach>('inquiry-reach');
