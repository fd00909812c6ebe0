import { definePort } from '@app/platform';
import type { MailAddress } from './mail-address.js';
import type { OutgoingMail } from './outgoing-mail.js';

/** How mails of a tenant look; `accentColour` is `#rrggbb`, `logoUrl` an https address. */
export type MailBrand = {
  readonly displayName: string | null;
  readonly logoUrl: string | null;
  readonly accentColour: string | null;
  readonly mailFooter: string | null;
};

/** Knows how mails of the current tenant look. */
export interface MailBranding {
  current(): Promise<MailBrand | undefined>;
}

export const MailBrandPort = definePort<MailBranding>('mail-brand');

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);

/**
 * The same words under the tenant's name, logo and footer: of what no person wrote. A mail that somebody wrote says who wrote
 * it, and is left alone.
 */
export function branded(mail: OutgoingMail, brand: MailBrand | undefined): OutgoingMail {
  if (!brand || !mail.autoSubmitted) return mail;
  const footer = brand.mailFooter;
  const looks = brand.logoUrl !== null || brand.accentColour !== null;
  return {
    ...mail,
    text: footer === null ? mail.text : `${mail.text.trimEnd()}\n\n-- \n${footer}\n`, // RFC 3676, 4.3
    html: mail.html ?? (looks ? htmlOf(mail.text, brand) : undefined),
  };
}

/** Whom a mail is from unless it says: the installation's address, by the tenant's name. */
export const brandedSender = (own: MailAddress, mail: OutgoingMail, brand: MailBrand | undefined): MailAddress =>
  brand?.displayName && mail.autoSubmitted ? { ...own, name: brand.displayName } : own;

/** No words but those of the text: whoever reads only one of the two misses nothing. */
function htmlOf(text: string, { logoUrl, accentColour, displayName, mailFooter }: MailBrand): string {
  const logo = logoUrl
    ? `<img src="${escaped(logoUrl)}" alt="${escaped(displayName ?? '')}" height="40" style="display:block;margin-bottom:16px">`
    : '';
  const footer = mailFooter
    ? `<div style="white-space:pre-wrap;margin-top:24px;font-size:12px;color:#666666">${escaped(mailFooter)}</div>`
    : '';
  return [
    '<!doctype html><html><body style="margin:0;font-family:sans-serif">',
    `<div style="max-width:600px;padding:24px;border-top:4px solid ${accentColour ?? '#dddddd'}">${logo}`,
    `<div style="white-space:pre-wrap">${escaped(text.trimEnd())}</div>${footer}</div></body></html>`,
  ].join('\n');
}
