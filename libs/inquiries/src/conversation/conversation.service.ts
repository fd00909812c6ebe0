import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryWork } from '../inquiries/inquiry-work.js';
import { InquiryHomes } from '../merging/inquiry-homes.js';
import { InquiryMessage, type Written } from './inquiry-message.entity.js';

export type Answer = {
  readonly responseId: string;
  /** The Message-ID header it left with. */
  readonly messageId: string;
  readonly subject: string;
  readonly body: string;
  readonly authorId: string;
  /** Users who wrote, submitted and approved it: they may read it, whoever else may. */
  readonly writers?: readonly string[];
  readonly at: Date;
};

export type Received = Omit<Written, 'inquiryId' | 'seq' | 'direction'>;

/** What is written in an inquiry, by the customer and by staff. */
@Injectable()
export class ConversationService {
  constructor(
    private readonly db: Database,
    private readonly work: InquiryWork,
    private readonly homes: InquiryHomes,
  ) {}

  async note(id: string, body: string): Promise<InquiryMessage> {
    const { id: authorId, name: authorName } = currentActor();
    return this.append(
      (verb) => this.work.do(id, { permission: InquiryPermissions.update }, verb),
      (inquiry, at) => ({ seq: inquiry.note(authorId), direction: 'note', authorId, authorName, body, at }),
    );
  }

  /** In the open transaction: what a message to this inquiry is written in, held. */
  hold(id: string): Promise<Inquiry | undefined> {
    return this.homes.hold(id);
  }

  /** In the open transaction, of an inquiry that is not over. A machine's message is kept and changes nothing. */
  receive(id: string, received: Received): Promise<InquiryMessage> {
    return this.append(
      (verb) => this.work.doInside(id, undefined, verb),
      (inquiry) => ({ ...received, seq: inquiry.receive(received.at, received.isAutomatic), direction: 'in' }),
    );
  }

  /** In the open transaction. The same response again changes nothing. What was merged meanwhile is answered where it went. */
  async answered(id: string, answer: Answer): Promise<void> {
    const { responseId, at, ...words } = answer;
    const known = await this.db.one('select 1 from inquiry_messages where tenant_id = $1 and response_id = $2', [
      currentTenantId(),
      responseId,
    ]);
    if (known) return;
    const home = await this.hold(id);
    await this.append(
      (verb) => this.work.doInside(home?.id ?? id, undefined, verb),
      (inquiry) => ({ ...words, responseId, at, seq: inquiry.answer(responseId, at), direction: 'out' }),
    );
  }

  private async append(
    run: (verb: (inquiry: Inquiry, now: Date) => Promise<void>) => Promise<unknown>,
    words: (inquiry: Inquiry, now: Date) => Omit<Written, 'inquiryId'>,
  ): Promise<InquiryMessage> {
    const written: InquiryMessage[] = [];
    await run(async (inquiry, now) => {
      written.push(await this.db.create(InquiryMessage.write({ ...words(inquiry, now), inquiryId: inquiry.id })));
    });
    const message = written.at(-1);
    if (!message) throw new Error('Nothing was written');
    return message;
  }
}
