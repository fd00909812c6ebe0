import { createHash, randomBytes } from 'node:crypto';
import { Clock } from '@app/kernel';
import { Messaging } from '@app/messaging';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ConversationQueries } from '../conversation/conversation.queries.js';
import type { Thread } from '../conversation/thread.js';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquirySettingsService } from '../settings/inquiry-settings.service.js';
import { Survey } from './survey.entity.js';

export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

type Asked = Thread & { readonly to: NonNullable<Thread['to']> };

/** Asks customers how content they are. */
@Injectable()
export class SatisfactionService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly settings: InquirySettingsService,
    private readonly threads: ConversationQueries,
    private readonly messaging: Messaging,
  ) {}

  /** Once an inquiry, if it is still over by that resolution, and whoever asked has an address and is welcome. */
  async ask(inquiryId: string, resolvedAt: Date): Promise<void> {
    await this.db.transaction(async () => {
      const { satisfactionUrl } = await this.settings.current();
      const inquiry = await this.db.lock(Inquiry, inquiryId);
      const isOver = inquiry.status === 'resolved' || inquiry.status === 'closed';
      const isStill = isOver && inquiry.resolvedAt?.getTime() === resolvedAt.getTime() && !inquiry.deletedAt;
      if (!satisfactionUrl || !isStill || inquiry.isCustomerBlocked || (await this.isAsked(inquiryId))) return;
      const thread = await this.threads.threadOf(inquiryId);
      if (thread.to) await this.send(inquiryId, { ...thread, to: thread.to }, satisfactionUrl);
    });
  }

  private async send(inquiryId: string, { to, mailboxAddress, reference }: Asked, url: string): Promise<void> {
    const token = randomBytes(32).toString('base64url');
    const survey = await this.db.create(Survey.ask(inquiryId, tokenHash(token), this.clock.now()));
    await this.messaging.send({
      to: [to],
      from: mailboxAddress ?? undefined,
      subject: `How did we do? (${reference})`,
      text: [
        'How content are you with our answer? Tell us once, within 30 days:',
        '',
        url.replace('{token}', token),
        '',
      ].join('\n'),
      purpose: 'transactional',
      autoSubmitted: true,
      confidential: true, // whoever has the link may answer
      about: { kind: 'inquiries.satisfaction', id: survey.id },
    });
  }

  private async isAsked(inquiryId: string): Promise<boolean> {
    const found = await this.db.one('select 1 from satisfaction_surveys where tenant_id = $1 and inquiry_id = $2', [
      currentTenantId(),
      inquiryId,
    ]);
    return found !== undefined;
  }
}
