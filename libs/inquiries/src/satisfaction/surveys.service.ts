import { Clock } from '@app/kernel';
import { currentRequestId, currentTenantId, Database, runAsSystem, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { tokenHash } from './satisfaction.service.js';
import type { SatisfactionView } from './satisfaction.dto.js';
import { Survey } from './survey.entity.js';
import { SurveyUnknown } from './survey.errors.js';

type Owner = { tenant_id: string; survey_id: string };

const TOKEN = /^[\w-]{43}$/;

/** What customers say, by the link that was mailed to them: whoever has it is who was asked. */
@Injectable()
export class SurveysService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: InquiryReach,
  ) {}

  /** @throws SurveyUnknown */
  show(token: string): Promise<Survey> {
    return this.open(token, async (id) => {
      const survey = await this.db.get(Survey, id);
      survey.assertOpen(this.clock.now());
      return survey;
    });
  }

  /** @throws SurveyUnknown, SurveyAnswered */
  answer(token: string, said: { score: number; comment: string | null }): Promise<Survey> {
    return this.open(token, (id) =>
      this.db.change(Survey, id, undefined, (survey) => survey.answer(said, this.clock.now())),
    );
  }

  /** For whoever reads the inquiry; the customer's words for whoever reads all that was written in it. @throws RecordNotFound */
  async of(inquiryId: string): Promise<SatisfactionView> {
    await this.reach.assertReadable(inquiryId);
    const [survey] = await this.db.findWhere(Survey, 'tenant_id = $1 and inquiry_id = $2', [
      currentTenantId(),
      inquiryId,
    ]);
    const { askedAt = null, answeredAt = null, score = null, comment = null } = survey ?? {};
    const isShown = comment !== null && (await this.reach.isWhole(inquiryId));
    return { askedAt, answeredAt, score, comment: isShown ? comment : null };
  }

  private async open<T>(token: string, work: (id: string) => Promise<T>): Promise<T> {
    if (!TOKEN.test(token)) throw new SurveyUnknown();
    const owner = await runOutside(() =>
      this.db.one<Owner>('select * from satisfaction_survey_owner($1)', [tokenHash(token)]),
    );
    if (!owner) throw new SurveyUnknown();
    return runAsSystem(owner.tenant_id, 'inquiries.satisfaction', currentRequestId(), () => work(owner.survey_id));
  }
}
