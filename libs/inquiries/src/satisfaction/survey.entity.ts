import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InquiryRated } from '../events.js';
import { SurveyAnswered, SurveyUnknown } from './survey.errors.js';

/** How long a customer may answer: 30 days. */
export const SURVEY_LIFE_MS = 30 * 86_400_000;

/** What a customer was asked about one inquiry, once, and what they said, once. The link's token is kept as its hash alone. */
@Entity('satisfaction_surveys')
export class Survey extends Aggregate<Survey> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('bytea') readonly tokenHash: Buffer;
  @Column({ type: 'timestamptz', precision: 3 }) readonly askedAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly expiresAt: Date;
  @Column({ type: 'int', nullable: true }) readonly score: number | null;
  @Column({ type: 'text', nullable: true }) readonly comment: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly answeredAt: Date | null;
  @Column('int') readonly version: number;

  static ask(inquiryId: string, tokenHash: Buffer, now: Date): Survey {
    const unanswered = { score: null, comment: null, answeredAt: null };
    const expiresAt = new Date(now.getTime() + SURVEY_LIFE_MS);
    return new Survey().change({ id: newId(), inquiryId, tokenHash, askedAt: now, expiresAt, ...unanswered });
  }

  /** @throws SurveyAnswered, SurveyUnknown once it has expired */
  answer({ score, comment }: { score: number; comment: string | null }, now: Date): void {
    this.assertOpen(now);
    if (this.answeredAt) throw new SurveyAnswered();
    this.change({ score, comment, answeredAt: now });
    this.raise(InquiryRated({ inquiryId: this.inquiryId, score }));
  }

  /** @throws SurveyUnknown: a link that has expired is as good as none */
  assertOpen(now: Date): void {
    if (now > this.expiresAt) throw new SurveyUnknown();
  }
}
