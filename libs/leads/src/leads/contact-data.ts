import { normaliseEmail, normalisePhone } from '@app/customers';

/** An address and a number as somebody wrote them; `country` tells how to read a national number. */
export type WrittenContact = { email?: string | null; phone?: string | null; country?: string | null };
type ContactData = { email?: string | null; phone?: string | null };

/** As customers keep theirs: lower case, and E.164. What was not said stays unsaid, what cannot be one is none. */
export const contactOf = ({ email, phone, country }: WrittenContact): ContactData => ({
  ...(email !== undefined && { email: (email && normaliseEmail(email)) || null }),
  ...(phone !== undefined && { phone: (phone && normalisePhone(phone, country)?.number) || null }),
});
