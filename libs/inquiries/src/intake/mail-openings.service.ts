import { CustomersFacade } from '@app/customers';
import { MailFacade, type RoutedMail } from '@app/mail';
import { currentActor, Database, Ports, StrangerMailsPort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import { referenceOf } from '../inquiries/inquiry.policy.js';
import { Openings } from '../inquiries/openings.service.js';
import { wordsOf } from './words-of-mail.js';

const LONGEST_SUBJECT = 300;

type Sender = { readonly customerId: string; readonly isBlocked: boolean };
type Inherited = Partial<Pick<Inquiry, 'followUpOf' | 'category' | 'priority' | 'teamId'>>;

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
    private readonly ports: Ports,
  ) {}

  /**
   * In the open transaction, unless another context takes it. A mail without a sender, or of a stranger to a mailbox that
   * takes none, opens nothing: it stays among the mails, to be seen there.
   */
  async open(mail: RoutedMail): Promise<void> {
    if (await this.isTaken(mail)) return;
    const customer = await this.senderOf(mail);
    if (customer) await this.begin(mail, customer, { teamId: mail.teamId });
  }

  /** In the open transaction: what it answers is over, and stays so. */
  async followUp(mail: RoutedMail, { id, category, priority, teamId }: Inquiry, customerId: string): Promise<void> {
    const isBlocked = (await this.customers.card(customerId))?.status === 'blocked';
    const more = { followUpOf: id, category, priority, teamId: teamId ?? mail.teamId };
    await this.begin(mail, { customerId, isBlocked }, more);
  }

  private async begin(mail: RoutedMail, { customerId, isBlocked }: Sender, more: Inherited): Promise<void> {
    const words = wordsOf(mail);
    const opening = {
      ...more,
      customerId,
      subject: mail.subject.trim().slice(0, LONGEST_SUBJECT).toWellFormed() || 'No subject',
      message: words.body,
      channel: 'email' as const,
      createdBy: currentActor().id,
      isCustomerBlocked: isBlocked,
      visibility: mail.visibility,
    };
    const begun = await this.openings.begin(opening, words, mail.receivedAt);
    const { id: inquiryId } = begun.inquiry;
    const reference = async (): Promise<string> => referenceOf((await this.openings.write(begun)).number);
    await this.mails.attribute(mail.id, { customerId, inquiryId, messageId: begun.message.id, reference });
  }

  /** Others show what they take to whoever they know: what is not for all is left to the inquiries. */
  private async isTaken(mail: RoutedMail): Promise<boolean> {
    if (mail.visibility !== 'all' && !mail.leadId) return false;
    for (const strangers of this.ports.all(StrangerMailsPort)) if (await strangers.take(mail)) return true;
    return false;
  }

  private senderOf({ from, teamId, createsCustomers }: RoutedMail): Promise<Sender | undefined> {
    if (!from) return Promise.resolve(undefined);
    const stranger = { email: from.address, name: from.name, source: 'mail', teamId };
    if (createsCustomers) return this.customers.identify(stranger);
    const identify = async (): Promise<Sender> => {
      const found = await this.customers.identify(stranger);
      if (found.isNew) throw new StrangerUnwelcome();
      return found;
    };
    return this.db.savepoint(identify).catch((error: unknown) => {
      if (error instanceof StrangerUnwelcome) return undefined;
      throw error;
    });
  }
}
