import { currentTenantId, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryMessage, type Written } from '../conversation/inquiry-message.entity.js';
import { DistributionCalls, handsOf } from '../distribution/distribution-calls.js';
import { InquiryClocks } from '../sla/inquiry-clocks.service.js';
import { Inquiry, type NewInquiry } from './inquiry.entity.js';
import { TeamUnknown } from './inquiry.errors.js';

export type Opening = Omit<NewInquiry, 'number'>;
/** Who wrote the first message, and by which mail. */
export type FirstWords = Partial<Omit<Written, 'inquiryId' | 'seq' | 'direction'>>;

/** Begins inquiries: number, record, first message and promises in one transaction. */
@Injectable()
export class Openings {
  constructor(
    private readonly db: Database,
    private readonly clocks: InquiryClocks,
    private readonly calls: DistributionCalls,
  ) {}

  /** @throws TeamUnknown */
  open(opening: Opening, first: FirstWords, at: Date): Promise<{ inquiry: Inquiry; message: InquiryMessage }> {
    return this.db.transaction(async () => {
      const inquiry = Inquiry.open({ ...opening, askedAt: first.at ?? at }, at);
      const clocks = await this.clocks.plan(inquiry, at);
      inquiry.callBy(await this.nextNumber()); // as late as can be: whoever opens the next one waits for our commit
      await this.db.create(inquiry).catch(onConstraint('inquiries_team', () => new TeamUnknown()));
      const { id: inquiryId, subject } = inquiry;
      const words = { subject, body: opening.message, at, ...first };
      const message = await this.db.create(InquiryMessage.write({ ...words, inquiryId, seq: 1, direction: 'in' }));
      await this.clocks.keep(clocks);
      await this.calls.follow(null, handsOf(inquiry));
      return { inquiry, message };
    });
  }

  /** Numbers rise by one per tenant; a transaction that fails gives its number back, since the counter's row is part of it. */
  private async nextNumber(): Promise<number> {
    const row = await this.db.one<{ number: number }>(
      `insert into inquiry_counters (tenant_id, last_number) values ($1, 1)
       on conflict (tenant_id) do update set last_number = inquiry_counters.last_number + 1 returning last_number as number`,
      [currentTenantId()],
    );
    if (!row) throw new Error('The counter gave no number');
    return row.number;
  }
}
