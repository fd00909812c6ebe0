import type { MailAddress } from '../messages/mail-address.js';
import type { Answer } from '../messages/message.entity.js';

/** One attempt: the mail as it is written, and whom of its recipients this attempt is for. */
export type Letter = {
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly replyTo: MailAddress | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly unsubscribeUrl: string | null;
  readonly isAutoSubmitted: boolean;
  /** As they were given; answered by normalised address. */
  readonly envelope: readonly string[];
};

/**
 * `answered`: it is certain who got it; a server that could not be reached has refused everybody for now. `bounced` are
 * addresses that do not exist. `ambiguous`: the text was handed over, the answer to it never came.
 */
export type Outcome =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly bounced: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly reason: string };

/** Where mail leaves the building. */
export abstract class MailTransport {
  /**
   * `beforeData` runs once the server has taken the envelope and asks for the text; until it resolves, not a byte of the
   * text has left. Rejects with what `beforeData` rejected with, and with nothing else.
   */
  abstract send(letter: Letter, beforeData: () => Promise<void>): Promise<Outcome>;
}
