import type { ParsedMail } from '../parsing/parse-mail.js';
import { type DeliveryReport, readDeliveryReport } from './delivery-report.js';
import { withoutTag } from './reply-address.js';

export type AutomationReason =
  | 'auto_submitted'
  | 'precedence'
  | 'list'
  | 'empty_return_path'
  | 'auto_response_suppress'
  | 'auto_reply_header'
  | 'delivery_report'
  | 'disposition_notification'
  | 'complaint'
  | 'mailer_daemon'
  | 'no_reply_sender'
  | 'own_address';

/** Never answer automatically when any of the four is true. */
export type Automation = {
  readonly isAutomatic: boolean;
  /** A mail of ours was not delivered: `report` says to whom. A notice of delay or success is automatic, not a bounce. */
  readonly isBounce: boolean;
  readonly isList: boolean;
  readonly isOwn: boolean;
  readonly reasons: readonly AutomationReason[];
  readonly report: DeliveryReport | null;
};

type Classified = Pick<ParsedMail, 'attachments' | 'headers' | 'text' | 'from'>;

const AUTOMATIC_PRECEDENCE = ['bulk', 'list', 'junk', 'auto_reply'];
const DAEMON = /^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)(?:[+@]|$)/;
const NO_REPLY = /^(?:no-?reply|do-?not-?reply|donotreply|noreply|bounces?)(?:[-+._][^@]*)?@/;
const SUPPRESSING = /\b(?:all|autoreply|oof)\b/;

/**
 * Whether a machine wrote a mail (RFC 3834, 2: answer none of these) and whether it tells of failed delivery.
 * `ownAddresses`: our mailboxes, a reply token after `+` is ignored; an entry `@example.com` stands for a whole domain.
 */
export function classifyAutomation(mail: Classified, ownAddresses: readonly string[]): Automation {
  const reasons = reasonsOf(mail, ownAddresses);
  const has = (...wanted: AutomationReason[]) => wanted.some((reason) => reasons.includes(reason));
  const isReport = has('delivery_report') || (has('mailer_daemon') && has('empty_return_path', 'auto_submitted'));
  const report = isReport || mail.headers.failedRecipients.length > 0 ? readDeliveryReport(mail) : null;
  return {
    isAutomatic: reasons.some((reason) => reason !== 'own_address'),
    isBounce: report?.recipients.some(({ action }) => action === 'failed') ?? false,
    isList: has('list'),
    isOwn: has('own_address'),
    reasons,
    report,
  };
}

function reasonsOf({ headers, attachments, from }: Classified, ownAddresses: readonly string[]): AutomationReason[] {
  const address = from?.address ?? '';
  const hasPart = (type: string) => attachments.some(({ mimeType }) => mimeType === type);
  const isReport = (type: string) => headers.contentType === 'multipart/report' && headers.reportType === type;
  const tests: [AutomationReason, boolean][] = [
    [
      'auto_submitted',
      headers.autoSubmitted !== null && headers.autoSubmitted !== '' && headers.autoSubmitted !== 'no',
    ],
    ['precedence', AUTOMATIC_PRECEDENCE.includes(headers.precedence ?? '')],
    ['list', headers.listId !== null || headers.listHeaders.length > 0 || headers.precedence === 'list'],
    ['empty_return_path', headers.returnPath === ''],
    ['auto_response_suppress', SUPPRESSING.test(headers.xAutoResponseSuppress ?? '')],
    ['auto_reply_header', headers.autoReplyHeaders.length > 0],
    ['delivery_report', isReport('delivery-status') || hasPart('message/delivery-status')],
    ['disposition_notification', isReport('disposition-notification') || hasPart('message/disposition-notification')],
    ['complaint', isReport('feedback-report') || hasPart('message/feedback-report')],
    ['mailer_daemon', DAEMON.test(address) || (from === null && headers.returnPath === '')],
    ['no_reply_sender', NO_REPLY.test(address)],
    ['own_address', isOwnAddress(address, ownAddresses)],
  ];
  return tests.filter(([, holds]) => holds).map(([reason]) => reason);
}

function isOwnAddress(address: string, ownAddresses: readonly string[]): boolean {
  const bare = withoutTag(address);
  return ownAddresses.some((own) => {
    const mine = own.trim().toLowerCase();
    return mine.startsWith('@') ? bare.endsWith(mine) : bare !== '' && withoutTag(mine) === bare;
  });
}
