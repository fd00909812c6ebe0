import { CustomersFacade } from '@app/customers';
import { MailFacade, normaliseEmail } from '@app/mail';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryHomes } from '../merging/inquiry-homes.js';
import { RecipientIsCustomer, RecipientIsMailbox } from './side-conversation.errors.js';
import type { Recipient } from './side-conversation.policy.js';

export const addressKey = ({ address }: Recipient): string => normaliseEmail(address) ?? address.toLowerCase();

/** Each address once, as it was named first. */
export const distinct = (recipients: readonly Recipient[]): Recipient[] =>
  [...new Map([...recipients].reverse().map((one) => [addressKey(one), one])).values()].reverse();

/** With whom a side conversation may be. */
@Injectable()
export class SideRecipients {
  constructor(
    private readonly db: Database,
    private readonly customers: CustomersFacade,
    private readonly mails: MailFacade,
    private readonly homes: InquiryHomes,
  ) {}

  /**
   * Neither a customer of the inquiry or of what is read with it, by any of their addresses or one they wrote from, nor a
   * mailbox of ours. @throws RecipientIsCustomer, RecipientIsMailbox
   */
  async assertOthers(inquiryId: string, recipients: readonly Recipient[]): Promise<void> {
    const keys = recipients.map(addressKey);
    const whereIn = (known: readonly string[]): number[] =>
      keys.flatMap((key, at) => (known.includes(key) ? [at] : []));
    const ofCustomers = whereIn(await this.addressesOf(inquiryId));
    if (ofCustomers.length) throw new RecipientIsCustomer(ofCustomers);
    const ours = whereIn(await this.mails.mailboxesAmong(keys));
    if (ours.length) throw new RecipientIsMailbox(ours);
  }

  private async addressesOf(inquiryId: string): Promise<string[]> {
    const params = [currentTenantId(), await this.homes.conversationOf(inquiryId)];
    const rows = await this.db.query<{ customerId: string; wrote: string[] }>(
      `select i.customer_id as "customerId", array(select distinct m.author_address from inquiry_messages m
         where m.tenant_id = i.tenant_id and m.inquiry_id = i.id and m.direction = 'in' and m.author_address is not null) as wrote
       from inquiries i where i.tenant_id = $1 and i.id = any ($2::uuid[])`,
      params,
    );
    const own = await this.customers.addressesOf(rows.map(({ customerId }) => customerId));
    return [...own, ...rows.flatMap(({ wrote }) => wrote)].map((address) => addressKey({ address }));
  }
}
