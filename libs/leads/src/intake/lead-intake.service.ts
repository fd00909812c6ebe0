import { CustomersFacade, normaliseEmail } from '@app/customers';
import { MailFacade, type RoutedMail } from '@app/mail';
import {
  currentActor,
  currentTenantId,
  Database,
  Provides,
  type StrangerMail,
  type StrangerMails,
  StrangerMailsPort,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadMessage } from '../conversation/lead-message.entity.js';
import { Lead } from '../leads/lead.entity.js';
import { LeadSettingsService } from '../settings/lead-settings.service.js';
import { leadOfMail, wordsOf } from './words-of-mail.js';

/** Where somebody's address leads to: of what still goes on the newest, else of what was dropped. Duplicates go on in others. */
const HOME = `with recursive way (id) as (
    select l.id from leads l where l.tenant_id = $1 and l.email = $2 and l.deleted_at is null
    union select l.duplicate_of from way join leads l on l.tenant_id = $1 and l.id = way.id where l.duplicate_of is not null)
  select l.id from way join leads l on l.tenant_id = $1 and l.id = way.id
  where l.deleted_at is null and l.status not in ('converted', 'duplicate')
  order by l.status = 'disqualified', l.created_at desc, l.id desc limit 1`;

/** Makes leads of the mails of strangers: each mail once, each stranger one. */
@Injectable()
@Provides(StrangerMailsPort)
export class LeadIntake implements StrangerMails {
  constructor(
    private readonly db: Database,
    private readonly mails: MailFacade,
    private readonly customers: CustomersFacade,
    private readonly settings: LeadSettingsService,
  ) {}

  /**
   * In the open transaction. Customers ask and strangers are leads, where the tenant says so of the mailbox. Whoever is a
   * lead already goes on there, whether or not the mail is an answer; one whose sender is forged begins a lead of its own.
   */
  async take({ id, mailboxId, leadId }: StrangerMail): Promise<boolean> {
    if (leadId) return true;
    const { mailboxIds } = await this.settings.current();
    if (!mailboxId || !mailboxIds.includes(mailboxId)) return false;
    const mail = await this.mails.get(id);
    const address = mail.from && normaliseEmail(mail.from.address);
    if (!address) return false;
    await this.waitFor(address);
    if (await this.customers.isAddressKnown(address)) return false;
    const known = mail.isForged ? undefined : await this.hold(address);
    await (known ? this.goOn(known, mail) : this.begin(mail, address));
    return true;
  }

  private async begin(mail: RoutedMail, address: string): Promise<void> {
    const lead = Lead.begin({ ...leadOfMail(mail, address), createdBy: currentActor().id });
    await this.db.createAll([lead, LeadMessage.write({ ...wordsOf(mail), leadId: lead.id })]);
    await this.mails.attributeToLead(mail.id, lead.id);
  }

  private async goOn(lead: Lead, mail: RoutedMail): Promise<void> {
    lead.hear(mail.id);
    await this.db.save(lead);
    await this.db.create(LeadMessage.write({ ...wordsOf(mail), leadId: lead.id }));
    await this.mails.attributeToLead(mail.id, lead.id);
  }

  /** It may be converted, merged or thrown away while this waits for it: then it is sought anew. */
  private async hold(address: string): Promise<Lead | undefined> {
    const found = await this.db.one<{ id: string }>(HOME, [currentTenantId(), address]);
    if (!found) return undefined;
    const lead = await this.db.lock(Lead, found.id);
    const isGone = lead.deletedAt !== null || lead.status === 'converted' || lead.status === 'duplicate';
    return isGone ? this.hold(address) : lead;
  }

  /** Two mails of one stranger at once make one lead. */
  private async waitFor(address: string): Promise<void> {
    await this.db.query(
      "select pg_advisory_xact_lock(hashtextextended('lead of ' || $1::text || ' ' || $2::text, 0))",
      [currentTenantId(), address],
    );
  }
}
