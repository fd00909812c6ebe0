import { definePermissions } from '@app/kernel';
import { withoutTag } from '../threading/index.js';

export const MailboxPermissions = definePermissions('mailboxes', {
  read: 'See the mailboxes that mail comes in by.',
  manage: 'Add, change and remove mailboxes.',
});

/**
 * Who may read the words of a message. `all`: whoever may read its inquiry. `team`: the inquiry's team, and whoever reaches it by
 * teams below. `participants`: who wrote it, whoever has the inquiry, and those named. The participants always may.
 */
export const VISIBILITIES = ['all', 'team', 'participants'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** A mailbox as far as a mail has to find it. */
export type Claimant = { readonly id: string; readonly address: string; readonly isDefault: boolean };
export type Addressed = { readonly deliveredTo: readonly string[]; readonly named: readonly string[] };

/**
 * The mailboxes a mail came in by, the one it is answered from first. What the receiving server noted (`deliveredTo`) says
 * into which mailbox this copy was put; without it the mail came in by every mailbox that To and Cc name (`named`). A mail
 * that names none, such as a blind copy, belongs to the default mailbox.
 */
export function claim<M extends Claimant>(mailboxes: readonly M[], { deliveredTo, named }: Addressed): M[] {
  const byAddress = new Map(mailboxes.map((mailbox) => [mailbox.address, mailbox]));
  const among = (addresses: readonly string[]): M[] => {
    const found = addresses.map((address) => byAddress.get(address) ?? byAddress.get(withoutTag(address)));
    return [...new Set(found.filter((one) => one !== undefined))];
  };
  const noted = among(deliveredTo);
  const claimed = noted.length ? noted : among(named);
  return claimed.length ? claimed : mailboxes.filter(({ isDefault }) => isDefault);
}
