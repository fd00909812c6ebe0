import { MailFacade, type RoutedMail } from '@app/mail';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ConversationService } from '../conversation/conversation.service.js';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquirySettingsService } from '../settings/inquiry-settings.service.js';
import { MailOpenings } from './mail-openings.service.js';
import { wordsOf } from './words-of-mail.js';

export type Routed = { mailId: string; decision: 'reply' | 'new' | 'ignored'; inquiryId: string | null };

/** Turns routed mails into inquiries and messages: each mail once. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly db: Database,
    private readonly mails: MailFacade,
    private readonly openings: MailOpenings,
    private readonly conversation: ConversationService,
    private readonly settings: InquirySettingsService,
  ) {}

  /** What a machine wrote opens nothing; in the thread it refers to it stands quietly. */
  async take({ mailId, decision, inquiryId }: Routed): Promise<void> {
    if (decision === 'ignored' && !inquiryId) return;
    await this.db.transaction(async () => {
      const mail = await this.mails.get(mailId);
      if (mail.isAttributed || (decision === 'ignored' && (await this.isTaken(mailId)))) return;
      const inquiry = inquiryId ? await this.conversation.hold(inquiryId) : undefined;
      if (decision === 'ignored')
        await (inquiry && this.conversation.receive(inquiry.id, { ...wordsOf(mail), isAutomatic: true }));
      else if (inquiry && inquiryId) await this.join(mail, inquiry, inquiryId);
      else await this.openings.open(mail);
    });
  }

  /** `asked`: the inquiry it answers, which may have gone on in this one; a follow-up is of whoever asked there. */
  private async join(mail: RoutedMail, inquiry: Inquiry, asked: string): Promise<void> {
    const { reopenWithinDays } = await this.settings.current();
    if (inquiry.isOver(mail.receivedAt, reopenWithinDays))
      return this.openings.followUp(mail, inquiry, (await this.db.get(Inquiry, asked)).customerId);
    const message = await this.conversation.receive(inquiry.id, wordsOf(mail));
    const { id: inquiryId, customerId } = inquiry;
    await this.mails.attribute(mail.id, { customerId, inquiryId, messageId: message.id });
  }

  /** What a machine wrote is attributed to nothing: only the message says that it was taken. */
  private async isTaken(mailId: string): Promise<boolean> {
    const row = await this.db.one('select 1 from inquiry_messages where tenant_id = $1 and mail_id = $2', [
      currentTenantId(),
      mailId,
    ]);
    return row !== undefined;
  }
}
