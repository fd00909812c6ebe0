import { type Actor, definePermissions, StateMachine } from '@app/kernel';
import { createHash } from 'node:crypto';

export const ResponsePermissions = definePermissions('responses', {
  read: { description: 'See responses and their history.', scoped: true },
  create: 'Draft a response to an inquiry.',
  update: { description: 'Edit and discard drafts.', scoped: true },
  submit: 'Submit a draft for approval, or recall it.',
  send: 'Send, schedule, hold back, release and retry what was approved.',
  discard: 'Discard what will not be sent.',
  configure: 'Set how the responses of the tenant are sent.',
});

export const RESPONSE_STATUSES = [
  'draft',
  'pending_approval',
  'approved',
  'rejected',
  'scheduled',
  'held',
  'sending',
  'sent',
  'failed',
  'discarded',
] as const;
export type ResponseStatus = (typeof RESPONSE_STATUSES)[number];

/** From draft to approved leads a rule of the approval policy alone. `sent` is final: a correction is a new response that names this one. Out of `sending` leads the mail server's word alone. */
export const RESPONSE_STATES = new StateMachine<ResponseStatus>('response', 'draft', {
  draft: ['pending_approval', 'approved', 'discarded'],
  pending_approval: ['draft', 'approved', 'rejected'],
  approved: ['draft', 'scheduled', 'held', 'sending', 'discarded'],
  rejected: ['draft', 'discarded'],
  scheduled: ['approved', 'sending'],
  held: ['approved', 'draft'],
  sending: ['sent', 'failed'],
  sent: [],
  failed: ['sending', 'draft'],
  discarded: [],
});

/** Where an edit may begin. Under approval the text is frozen: it is recalled first. */
export const EDITABLE: readonly ResponseStatus[] = ['draft', 'rejected', 'approved', 'held', 'failed'];

/**
 * `facts_changed`: the approval is void. `inquiry_withdrawn`: the inquiry is spam or in the trash, and is restored first. The
 * others are acknowledged by releasing it.
 */
export const HOLD_REASONS = [
  'customer_replied',
  'competing_response_sent',
  'conversation_changed',
  'facts_changed',
  'inquiry_withdrawn',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

export type Draft = {
  readonly inquiryId: string;
  readonly customerId: string;
  readonly message: string;
  readonly corrects: string | null;
  /** The canned answer that the message is, word for word. */
  readonly macroId: string | null;
};

/**
 * What its people knew of the inquiry: which inquiries were read as one with it, how often the customer had written in
 * them, and which other answers had gone out.
 */
export type Known = {
  readonly conversation: readonly string[];
  readonly customerMessages: number;
  readonly answers: readonly string[];
};

export const knowing = ({ conversation, customerMessages, answers }: Known) => ({
  knownConversation: conversation,
  knownCustomerMessages: customerMessages,
  knownAnswers: answers,
});

type Remembered = ReturnType<typeof knowing>;

/**
 * Among inquiries that are not the same any more, messages are not counted: a merge that is taken back leaves fewer. Of
 * what was approved before this was kept, no inquiries are known.
 */
export function whatIsNew(known: Remembered, now: Known): HoldReason | undefined {
  const isSame = known.knownConversation.length === 0 || isSameSet(known.knownConversation, now.conversation);
  if (!isSame) return 'conversation_changed';
  if (now.customerMessages > known.knownCustomerMessages) return 'customer_replied';
  return now.answers.every((id) => known.knownAnswers.includes(id)) ? undefined : 'competing_response_sent';
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id) => other.includes(id));

/** What an edit leaves of an approval. */
export const NO_APPROVAL = {
  ...{ approvedBy: null, approvedAt: null, approvedHash: null },
  ...{ waivedByRule: null, isSelfApproved: false },
} as const;

export const LONGEST_SCHEDULE_MS = 366 * 86_400_000;

/** `unknown`: the mail server may or may not have taken it; the response waits in `sending` for a person's word. */
export type DeliveryState = 'queued' | 'unknown';

export type Content = { readonly inquiryId: string; readonly message: string };

/** What an approval binds to: the text and where it goes. The same on every machine, whatever order the members come in. */
export const contentHash = ({ inquiryId, message }: Content): string =>
  createHash('sha256')
    .update(JSON.stringify(['response', inquiryId.toLowerCase(), message]))
    .digest('hex');

type Written = {
  readonly respondedBy: string;
  readonly editors: readonly string[];
  readonly submittedBy: string | null;
};

/**
 * Who had a hand in a text may not approve it. That counts every round and not only the last: a revision keeps what
 * earlier editors wrote, so an editor could otherwise approve their own words after a recall and a new submission.
 */
export const writersOf = ({ respondedBy, editors, submittedBy }: Written): string[] => [
  ...new Set([respondedBy, ...editors, ...(submittedBy ? [submittedBy] : [])]),
];

export const mayRecall = (actor: Pick<Actor, 'id'>, response: Written): boolean =>
  actor.id === response.respondedBy || actor.id === response.submittedBy;
