import type { ParsedMail } from '../parsing/parse-mail.js';
import { readMessageId } from './message-id.js';
import { readReplyAddress } from './reply-address.js';
import { subjectTags } from './subject.js';
import type { Secrets } from './token.js';

/**
 * `response`: the id of the response our own signed Message-ID names. `in_reply_to` and `reference`: Message-IDs to look
 * up. `inquiry`: the id a signed reply address names. `subject_tag`: a number anyone can type, so the caller has to
 * check that the sender takes part in that thread.
 */
export type ThreadKeyKind = 'response' | 'in_reply_to' | 'reference' | 'inquiry' | 'subject_tag';
export type ThreadKey = { readonly kind: ThreadKeyKind; readonly value: string };

type Threading = Pick<ParsedMail, 'inReplyTo' | 'references' | 'to' | 'cc' | 'deliveredTo' | 'subject'>;

/**
 * The keys by which a mail may belong to a thread, most certain first; each key once. Our own Message-IDs lead wherever
 * they stand: a colleague answering from Outlook leaves them in References only.
 */
export function threadCandidates(mail: Threading, ours: { tenantId: string; secret: Secrets }): ThreadKey[] {
  const latestFirst = [...mail.references].reverse();
  const named = [...mail.inReplyTo, ...latestFirst];
  const responses = named
    .map((id) => readMessageId(id, ours.secret))
    .filter((one) => one?.tenantId === ours.tenantId.toLowerCase());
  const addresses = [
    ...mail.deliveredTo,
    ...mail.to.map(({ address }) => address),
    ...mail.cc.map(({ address }) => address),
  ];
  const inquiries = addresses.map((address) => readReplyAddress(address, ours)).filter((id) => id !== null);
  const references = latestFirst.filter((id) => !mail.inReplyTo.includes(id));
  return [
    ...keys(
      'response',
      responses.map((one) => one?.responseId ?? ''),
    ),
    ...keys('in_reply_to', mail.inReplyTo),
    ...keys('reference', references),
    ...keys('inquiry', inquiries),
    ...keys('subject_tag', subjectTags(mail.subject)),
  ];
}

function keys(kind: ThreadKeyKind, values: readonly string[]): ThreadKey[] {
  return [...new Set(values)].map((value) => ({ kind, value }));
}
