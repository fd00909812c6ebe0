import { normaliseEmail } from '../parsing/address.js';
import { readMessageIds } from '../parsing/header.js';
import type { ParsedMail } from '../parsing/parse-mail.js';
import { cleanLine } from '../parsing/text.js';

export type DeliveryAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export type ReportedRecipient = {
  readonly address: string;
  readonly action: DeliveryAction;
  /** Enhanced status code (RFC 3463), `5.1.1`; null when none was given. */
  readonly status: string | null;
  readonly diagnostic: string;
};

export type DeliveryReport = {
  readonly recipients: readonly ReportedRecipient[];
  /** Message-IDs of the mail that was reported on, as far as the report returns its headers. */
  readonly originalMessageIds: readonly string[];
};

type Reporting = Pick<ParsedMail, 'attachments' | 'headers' | 'text'>;

const MAX_REPORT = 256 * 1024;
const MAX_RECIPIENTS = 100;
const ACTIONS: readonly string[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'];
const STATUS = /\b([245]\.\d{1,3}\.\d{1,3})\b/;

/** Reads a delivery status notification (RFC 3464), or what a server without one says in words; null when it says nothing. */
export function readDeliveryReport(mail: Reporting): DeliveryReport | null {
  const status = contentOf(mail, 'message/delivery-status') ?? contentOf(mail, 'message/global-delivery-status');
  const recipients = status === null ? recipientsInWords(mail) : recipientsOf(status);
  return recipients.length === 0 ? null : { recipients, originalMessageIds: originalIds(mail) };
}

/** RFC 3463: 5 is permanent, 4 is worth another try. A failure without a code counts as permanent (RFC 3464, 2.3.3). */
export const isPermanentFailure = ({ action, status }: ReportedRecipient): boolean =>
  action === 'failed' && (status === null || status.startsWith('5'));

function recipientsOf(status: string): ReportedRecipient[] {
  const blocks = status
    .split(/\n[ \t]*\n/)
    .slice(0, MAX_RECIPIENTS + 1)
    .map(fieldsOf);
  return blocks.flatMap((fields) => {
    const named = fields.get('original-recipient') ?? fields.get('final-recipient');
    const address = normaliseEmail((named ?? '').replace(/^[^;]{0,40};/, '').replace(/[<>]/g, ''));
    if (address === null) return [];
    const code = STATUS.exec(fields.get('status') ?? '')?.[1] ?? null;
    const stated = fields.get('action')?.toLowerCase().split(/[\s(]/, 1)[0] ?? '';
    const action = ACTIONS.includes(stated)
      ? (stated as DeliveryAction)
      : code?.startsWith('2')
        ? 'delivered'
        : 'failed';
    return [{ address, action, status: code, diagnostic: cleanLine(fields.get('diagnostic-code') ?? '', 500) }];
  });
}

/** qmail, Exim and old Exchange report in prose: the address stands in a header or in angle brackets on a line of its own. */
function recipientsInWords({ headers, text }: Reporting): ReportedRecipient[] {
  const prose = text.slice(0, 10_000);
  const inText = [...prose.matchAll(/^[ \t]*<([^<>\s]{3,254})>:?[ \t]*$/gm)].map((match) =>
    normaliseEmail(match[1] ?? ''),
  );
  const named = headers.failedRecipients.length > 0 ? headers.failedRecipients : inText.filter((one) => one !== null);
  const status = STATUS.exec(prose)?.[1] ?? null;
  return [...new Set(named)]
    .slice(0, MAX_RECIPIENTS)
    .map((address) => ({ address, action: 'failed' as const, status, diagnostic: '' }));
}

function originalIds(mail: Reporting): string[] {
  const returned = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/rfc822-headers'];
  const texts = returned.map((type) => contentOf(mail, type)).filter((text) => text !== null);
  const inWords = /^Message-ID:[ \t]*(<[^<>\s]{1,500}>)/im.exec(mail.text.slice(-20_000))?.[1] ?? '';
  const ids = texts.flatMap((text) =>
    readMessageIds(fieldsOf(text.split(/\n[ \t]*\n/, 1)[0] ?? '').get('message-id') ?? ''),
  );
  return [...new Set(ids.length > 0 ? ids : readMessageIds(inWords))];
}

function contentOf(mail: Reporting, mimeType: string): string | null {
  const part = mail.attachments.find((one) => one.mimeType === mimeType);
  return part ? part.content.toString('utf8', 0, MAX_REPORT).replace(/\r\n?/g, '\n').trim() : null;
}

/** Unfolded `Name: value` lines, the first of each name. */
function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
