import { Injectable } from '@nestjs/common';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import type { Deal } from './deal.entity.js';
import { DealPermissions } from './deal.policy.js';
import { DealWork } from './deal-work.js';

const { update, reopen } = DealPermissions;

/** How deals end, and go on after all. */
@Injectable()
export class DealStatusService {
  constructor(
    private readonly work: DealWork,
    private readonly pipelines: PipelinesQueries,
  ) {}

  win(id: string, version?: number): Promise<Deal> {
    return this.work.do(id, { permission: update, version }, (deal, now) => deal.win(now));
  }

  lose(id: string, reason: string, version?: number): Promise<Deal> {
    return this.work.do(id, { permission: update, version }, (deal, now) => deal.lose(reason, now));
  }

  reopen(id: string, reason: string, version?: number): Promise<Deal> {
    return this.work.do(id, { permission: reopen, version }, async (deal, now) =>
      deal.reopen(reason, await this.pipelines.stage(deal.stageId), now),
    );
  }
}
