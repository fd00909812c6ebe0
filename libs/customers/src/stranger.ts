import type { NewCustomer } from './customer-document.js';
import { normalisePhone } from './contact-points/phone-number.js';

/** Somebody who wrote, as far as a mail or a form tells. */
export type Stranger = { email: string; name?: string; phone?: string; source: string; teamId?: string | null };

const LONGEST_NAME = 100;
const clip = (text: string): string => text.slice(0, LONGEST_NAME).replace(/[\ud800-\udbff]$/, '');

/** The card of a stranger. What is said badly is left out: nobody's mail is lost because of a name or a number. */
export function leadOf({ email, name = '', phone, source, teamId = null }: Stranger): NewCustomer {
  const { firstName, lastName } = readName(name);
  const isPhone = phone !== undefined && normalisePhone(phone) !== undefined;
  return {
    firstName: clip(firstName || email.slice(0, email.lastIndexOf('@'))),
    lastName: clip(lastName),
    email,
    ...(isPhone && { phone }),
    source,
    teamId,
  };
}

/** Somebody who may buy something, by what is known of them. */
export type Prospect = {
  name: string;
  email: string | null;
  phone: string | null;
  company: string | null;
  source: string;
  teamId: string | null;
};

/** The card of somebody who became a prospect; their address and number are in their normalised forms already. */
export function cardOf({ name, email, phone, company, source, teamId }: Prospect): NewCustomer {
  const { firstName, lastName } = readName(name);
  const card = { email, phone, company, source, teamId, status: 'prospect' } as const;
  return { ...card, firstName: clip(firstName || name), lastName: clip(lastName) };
}

/** As mail programs write it: `Okafor, Mira` and `"Mira Okafor"` are the same person, and an address is no name. */
function readName(written: string): { firstName: string; lastName: string } {
  if (written.includes('@')) return { firstName: '', lastName: '' };
  const name = written
    .normalize('NFC')
    .replace(/["\p{Cc}]+/gu, ' ')
    .trim();
  const [last = '', first] = name.split(',', 2).map((part) => part.trim());
  const [firstName = '', ...rest] = (first ? `${first} ${last}` : last).split(/\s+/);
  return { firstName, lastName: rest.join(' ') };
}
