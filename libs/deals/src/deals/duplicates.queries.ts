import { currentActor, currentTenantId, Database, type Page } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealPermissions } from './deal.policy.js';
import { DealReach, reachOf } from './deal.reach.js';
import type { DealView } from './deals.dto.js';
import { selectDeal } from './deals.list.js';

const MOST = 20;

/** Deals that two people may have begun of one thing. */
@Injectable()
export class DuplicatesQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: DealReach,
  ) {}

  /** Only what the caller may read. @throws RecordNotFound */
  async of(dealId: string): Promise<Page<DealView>> {
    await this.reach.assert(dealId, DealPermissions.read);
    const params: unknown[] = [currentTenantId(), dealId];
    const reached = reachOf(currentActor(), DealPermissions.read, params);
    const data = await this.db.query<DealView>(
      `select ${selectDeal()} from deals this join deals d on d.tenant_id = this.tenant_id
         and (d.customer_id = this.customer_id or d.company_id = this.company_id)
       where this.tenant_id = $1 and this.id = $2 and d.id <> this.id and d.status = 'open' and d.deleted_at is null
         and (lower(d.name) = lower(this.name) or (d.amount, d.currency) = (this.amount, this.currency)) and ${reached}
       order by d.created_at desc, d.id desc limit ${MOST}`,
      params,
    );
    const total = data.length;
    return {
      data,
      meta: { page: 1, limit: MOST, total, totalPages: 1, hasNext: false, hasPrev: false, nextCursor: null },
    };
  }
}
