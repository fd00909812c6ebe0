import type { Actor } from '@app/kernel';
import { type Exportable, ExportablePort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealPermissions } from '../deals/deal.policy.js';
import { reachOf } from '../deals/deal.reach.js';
import { dealColumns, DealList } from '../deals/deals.list.js';
import { dealsFound } from '../deals/deals.queries.js';

/** Deals as files: those that one may read. */
@Injectable()
@Provides(ExportablePort)
export class DealsExportable implements Exportable {
  readonly kind = 'deals';
  readonly permission = DealPermissions.export;
  readonly spec = DealList;
  readonly from = 'deals d';

  get columns(): Exportable['columns'] {
    return dealColumns();
  }

  where(actor: Actor, params: unknown[]): string {
    return `d.deleted_at is null and ${reachOf(actor, DealPermissions.read, params)}`;
  }

  searchIds(term: string): string {
    return dealsFound(term);
  }
}
