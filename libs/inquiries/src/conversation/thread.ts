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
  readonly number: number;
  readonly reference: string;
};
