import { Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryMessage, type Written } from '../conversation/inquiry-message.entity.js';
import { DistributionCalls, handsOf } from '../distribution/distribution-calls.js';
import type { InquiryClock } from '../sla/inquiry-clock.entity.js';
import { InquiryClocks } from '../sla/inquiry-clocks.service.js';
import { Inquiry, type NewInquiry } from './inquiry.entity.js';
import { TeamUnknown } from './inquiry.errors.js';

export type Opening = Omit<NewInquiry, 'number'>;
/** Who wrote the first message, and by which mail. */
export type FirstWords = Partial<Omit<Written, 'inquiryId' | 'seq' | 'direction'>>;
/** What was begun; nothing of it is written. */
export type Begun = {
  readonly inquiry: Inquiry;
  readonly message: InquiryMessage;
  readonly clocks: readonly InquiryClock[];
};

/** Begins inquiries: number, record, first message and promises in one transaction. */
@Injectable()
export class Openings {
  constructor(
    private readonly db: Database,
    private readonly clocks: InquiryClocks,
    private readonly calls: DistributionCalls,
  ) {}

  /** @throws TeamUnknown */
  open(opening: Opening, first: FirstWords, at: Date): Promise<Inquiry> {
    return this.db.transaction(async () => this.write(await this.begin(opening, first, at)));
  }

  /**
   * All that comes before it is written, in the open transaction: it gets its number as it is written, and whoever writes the
   * next one waits for that commit, so what else is to be done comes between this and `write`.
   */
  async begin(opening: Opening, first: FirstWords, at: Date): Promise<Begun> {
    const inquiry = Inquiry.open({ ...opening, askedAt: first.at ?? at }, at);
    const clocks = await this.clocks.plan(inquiry, at);
    await this.clocks.wakeForAll(clocks);
    await this.calls.follow(null, handsOf(inquiry));
    const { id: inquiryId, subject } = inquiry;
    const words = { subject, body: opening.message, at, ...first };
    return { inquiry, clocks, message: InquiryMessage.write({ ...words, inquiryId, seq: 1, direction: 'in' }) };
  }

  /** In the open transaction. @throws TeamUnknown */
  async write({ inquiry, message, clocks }: Begun): Promise<Inquiry> {
    await this.db
      .createAll([inquiry, message, ...clocks])
      .catch(onConstraint('inquiries_team', () => new TeamUnknown()));
    return inquiry;
  }
}
