import type { PayloadOf } from '@app/kernel';
import { Handles } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AskSatisfaction } from './satisfaction.jobs.js';
import { SatisfactionService } from './satisfaction.service.js';

@Injectable()
export class SatisfactionWorker {
  constructor(private readonly satisfaction: SatisfactionService) {}

  @Handles(AskSatisfaction)
  askSatisfaction({ inquiryId, resolvedAt }: PayloadOf<typeof AskSatisfaction>): Promise<void> {
    return this.satisfaction.ask(inquiryId, new Date(resolvedAt));
  }
}
