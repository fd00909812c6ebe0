export type Address = { readonly name?: string; readonly address: string };

/** What an answer to an inquiry is addressed and threaded by. */
export type Thread = {
  /** Null when the customer has no e-mail address. */
  readonly to: Address | null;
  /** Whoever wrote last in each of the inquiries that were merged into it, unless that is `to`. */
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly inReplyTo: string | null;
  readonly references: string[];
  readonly mailboxAddress: Address | null;
  /** Where a reply finds the inquiry by its address, where the mailbox offers that. */
  readonly replyAddress?: Address | undefined;
  readonly number: number;
  readonly reference: string;
};
