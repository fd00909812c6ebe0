import { Injectable } from '@nestjs/common';
import type { DealDocument } from './deals/deal.entity.js';
import { DealOfAnotherCustomer } from './deals/deal.errors.js';
import { DealPermissions } from './deals/deal.policy.js';
import { DealWork } from './deals/deal-work.js';
import { DealsService } from './deals/deals.service.js';
import { PipelinesQueries } from './pipelines/pipelines.queries.js';

/** What is known of a deal that another context begins. */
export type DealTerms = Pick<DealDocument, 'name'> &
  Partial<Pick<DealDocument, 'amount' | 'currency' | 'expectedCloseDate' | 'customerId' | 'companyId' | 'teamId'>> & {
    pipelineId?: string;
    stageId?: string;
    ownerId?: string;
  };

/** What other contexts ask of deals. */
@Injectable()
export class DealsFacade {
  constructor(
    private readonly deals: DealsService,
    private readonly work: DealWork,
    private readonly pipelines: PipelinesQueries,
  ) {}

  /**
   * In the open transaction, by whoever acts, whose it is unless somebody else is named.
   * @throws RecordNotFound, OutOfReach, StageDemands, PipelineUnknown, StageUnknown, OwnerUnknown, TeamUnknown
   */
  async begin(terms: DealTerms): Promise<string> {
    return (await this.deals.begin(terms)).id;
  }

  /**
   * In the open transaction: an open deal that whoever acts may change is for this customer, and for this company unless it
   * has one. @throws RecordNotFound, OutOfReach, DealNotOpen, DealOfAnotherCustomer
   */
  async adopt(id: string, { customerId, companyId }: { customerId: string; companyId: string | null }): Promise<void> {
    await this.work.do(id, { permission: DealPermissions.update, version: undefined }, async (deal) => {
      if (deal.customerId && deal.customerId !== customerId) throw new DealOfAnotherCustomer(id);
      deal.edit({ customerId, companyId: deal.companyId ?? companyId }, await this.pipelines.stage(deal.stageId));
    });
  }
}
