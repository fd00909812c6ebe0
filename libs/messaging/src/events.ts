import { defineEvent } from '@app/kernel';

/** What a message was sent for: the record, and which revision of it. */
export type About = { readonly kind: string; readonly id: string; readonly revision?: number };

/** `messageId` is the row's id, `smtpMessageId` the Message-ID header that replies and bounces refer to. */
type Told = { messageId: string; smtpMessageId: string; about: About };

/** `refused`: recipients that the server did not take while it took others. */
export const MessageSent = defineEvent<Told & { sentAt: string; refused: string[] }>(
  'messaging.message-sent',
  'The mail server took a message for at least one of its recipients.',
);

export const MessageFailed = defineEvent<Told & { reason: string; permanent: boolean }>(
  'messaging.message-failed',
  'Nobody will get a message: it was refused for good or as often as it may be tried, or it was cancelled.',
);

export const MessageUnknown = defineEvent<Told & { reason: string }>(
  'messaging.message-unknown',
  'A message was handed over and no answer came: it may have been sent. It is not repeated unless a person says so.',
);

export const MessageSuppressed = defineEvent<Told & { recipients: string[] }>(
  'messaging.message-suppressed',
  'A message was withheld: its recipients are on the suppression list.',
);
