import { type FieldFault, Invalid, isId } from '@app/kernel';
import type { About } from '../events.js';
import { isMailAddress, type MailAddress } from './mail-address.js';

export type Purpose = 'transactional' | 'marketing';
export const PURPOSES = ['transactional', 'marketing'] as const satisfies readonly Purpose[];

export type OutgoingMail = {
  readonly to: readonly MailAddress[];
  readonly cc?: readonly MailAddress[];
  /** MAIL_FROM unless given. */
  readonly from?: MailAddress;
  readonly replyTo?: MailAddress;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** With its angle brackets. Minted from tenant and `about` unless given: then one `about` is one mail. */
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  readonly purpose: Purpose;
  readonly about: About;
  /** Not sent before this instant, and cancellable until then; at once unless given. */
  readonly notBefore?: Date;
  /** Nobody wrote it by hand: says so (RFC 3834), so that no machine answers it. */
  readonly autoSubmitted?: boolean;
  /** Needed for marketing: an https address that unsubscribes by one POST (RFC 8058). */
  readonly unsubscribeUrl?: string;
  /** Holds a secret, such as a reset link: the text is never shown and is forgotten once it has been sent. */
  readonly confidential?: boolean;
};

const MOST_RECIPIENTS = 50;
const MOST_REFERENCES = 100;
const LONGEST_HEADER = 998; // RFC 5322, 2.1.1
const LONGEST_TEXT = 1024 * 1024;
const LONGEST_HTML = 2 * LONGEST_TEXT;

const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const MESSAGE_ID = /^<[^\s<>\p{Cc}]{1,996}>$/u;
const KIND = /^[a-z][a-z0-9_.-]{0,62}$/;
const ONE_CLICK = /^https:\/\/[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/;

/** Refused before it is written, so that nothing which could break out of a header ever reaches SMTP. */
export class InvalidMail extends Invalid {
  constructor(errors: FieldFault[]) {
    super('invalid_mail', 'This mail cannot be sent as it is', { errors });
  }
}

/** @throws InvalidMail naming every fault */
export function assertSendable(mail: OutgoingMail): void {
  const faults = [...addressFaults(mail), ...headerFaults(mail), ...contentFaults(mail)];
  if (faults.length) throw new InvalidMail(faults);
}

const fault = (isWrong: boolean, pointer: string, code: string, message: string): FieldFault[] =>
  isWrong ? [{ pointer, code, message }] : [];

function addressFaults({ to, cc = [], from, replyTo }: OutgoingMail): FieldFault[] {
  const listed = [
    ...to.map((address, at) => ({ address, pointer: `/to/${at}` })),
    ...cc.map((address, at) => ({ address, pointer: `/cc/${at}` })),
    ...(from ? [{ address: from, pointer: '/from' }] : []),
    ...(replyTo ? [{ address: replyTo, pointer: '/replyTo' }] : []),
  ];
  const count = to.length + cc.length;
  return [
    ...fault(to.length === 0, '/to', 'required', 'names at least one recipient'),
    ...fault(count > MOST_RECIPIENTS, '/to', 'too_many', `takes at most ${MOST_RECIPIENTS} recipients with cc`),
    ...listed.flatMap(({ address, pointer }) => [
      ...fault(!isMailAddress(address.address), `${pointer}/address`, 'is_email', 'must be one plain e-mail address'),
      ...fault(
        !isHeaderText(address.name ?? '', 200),
        `${pointer}/name`,
        'is_header_text',
        'must be up to 200 characters on one line',
      ),
    ]),
  ];
}

function headerFaults(mail: OutgoingMail): FieldFault[] {
  const references = mail.references ?? [];
  const isBadId = (id: string | undefined): boolean => id !== undefined && !MESSAGE_ID.test(id);
  const isUnsubscribable =
    mail.unsubscribeUrl === undefined ? mail.purpose !== 'marketing' : ONE_CLICK.test(mail.unsubscribeUrl);
  return [
    ...fault(
      !isHeaderText(mail.subject, LONGEST_HEADER),
      '/subject',
      'is_header_text',
      `must be up to ${LONGEST_HEADER} characters on one line`,
    ),
    ...fault(
      isBadId(mail.messageId) || (mail.messageId?.length ?? 0) > 255,
      '/messageId',
      'is_message_id',
      'must be one Message-ID in angle brackets',
    ),
    ...fault(isBadId(mail.inReplyTo), '/inReplyTo', 'is_message_id', 'must be one Message-ID in angle brackets'),
    ...fault(references.some(isBadId), '/references', 'is_message_id', 'must be Message-IDs in angle brackets'),
    ...fault(
      references.length > MOST_REFERENCES,
      '/references',
      'too_many',
      `takes at most ${MOST_REFERENCES} Message-IDs`,
    ),
    ...fault(!isUnsubscribable, '/unsubscribeUrl', 'is_https_url', 'must be an https address; marketing needs one'),
  ];
}

function contentFaults({ text, html = '', about }: OutgoingMail): FieldFault[] {
  const revision = about.revision ?? 0;
  return [
    ...fault(
      text.length > LONGEST_TEXT || text.includes('\0'),
      '/text',
      'too_long',
      `takes at most ${LONGEST_TEXT} characters, none of them NUL`,
    ),
    ...fault(
      html.length > LONGEST_HTML || html.includes('\0'),
      '/html',
      'too_long',
      `takes at most ${LONGEST_HTML} characters, none of them NUL`,
    ),
    ...fault(!KIND.test(about.kind), '/about/kind', 'is_kind', 'must be a lower-case word'),
    ...fault(!isId(about.id), '/about/id', 'is_uuid', 'must be a UUID'),
    ...fault(
      !Number.isInteger(revision) || revision < 0 || revision > 2 ** 31 - 1,
      '/about/revision',
      'is_revision',
      'must be a whole number',
    ),
  ];
}

const isHeaderText = (text: string, longest: number): boolean => text.length <= longest && !CONTROL.test(text);
