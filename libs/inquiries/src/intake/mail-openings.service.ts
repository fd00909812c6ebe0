import { CustomersFacade } from '@app/customers';
import { MailFacade, type RoutedMail } from '@app/mail';
import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import { referenceOf } from '../inquiries/inquiry.policy.js';
import { Openings } from '../inquiries/openings.service.js';
import { wordsOf } from './words-of-mail.js';

const LONGEST_SUBJECT = 300;

/** The mailbox is for people who are known already, and this is not one of them. */
class StrangerUnwelcome extends Error {}

/** New inquiries from mails. */
@Injectable()
export class MailOpenings {
  constructor(
    private readonly db: Database,
    private readonly openings: Openings,
    private readonly customers: CustomersFacade,
    private readonly mails: MailFacade,
  ) {}

  /**
   * In the open transaction. A mail without a sender, or of a stranger to a mailbox that takes none, opens nothing: it
   * stays among the mails, to be seen there.
   */
  async open(mail: RoutedMail): Promise<void> {
    const customerId = await this.senderOf(mail);
    if (customerId) await this.begin(mail, customerId, { teamId: mail.teamId });
  }

  /** In the open transaction: what it answers is over, and stays so. */
  async followUp(mail: RoutedMail, { id, category, priority, teamId }: Inquiry, customerId: string): Promise<void> {
    await this.begin(mail, customerId, { followUpOf: id, category, priority, teamId: teamId ?? mail.teamId });
  }

  private async begin(
    mail: RoutedMail,
    customerId: string,
    more: Partial<Pick<Inquiry, 'followUpOf' | 'category' | 'priority' | 'teamId'>>,
  ): Promise<void> {
    const words = wordsOf(mail);
    const opening = {
      ...more,
      customerId,
      subject: mail.subject.trim().slice(0, LONGEST_SUBJECT).toWellFormed() || 'No subject',
      message: words.body,
      channel: 'email' as const,
      createdBy: currentActor().id,
      isCustomerBlocked: (await this.customers.card(customerId))?.status === 'blocked',
    };
    const { inquiry, message } = await this.openings.open(opening, words, mail.receivedAt);
    const links = { customerId, inquiryId: inquiry.id, messageId: message.id };
    await this.mails.attribute(mail.id, { ...links, reference: referenceOf(inquiry.number) });
  }

  private senderOf({ from, teamId, createsCustomers }: RoutedMail): Promise<string | undefined> {
    if (!from) return Promise.resolve(undefined);
    const identify = async (): Promise<string> => {
      const found = await this.customers.identify({ email: from.address, name: from.name, source: 'mail', teamId });
      if (found.isNew && !createsCustomers) throw new StrangerUnwelcome();
      return found.customerId;
    };
    return this.db.savepoint(identify).catch((error: unknown) => {
      if (error instanceof StrangerUnwelcome) return undefined;
      throw error;
    });
  }
}
